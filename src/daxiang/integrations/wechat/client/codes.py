"""The platform's return codes: its own words, what a code means for us, and a sentence for operators.

Words as on the platform's page of global return codes and on the pages of the calls. A code that is not here
is final for the request that got it (`Policy.REFUSE`): the platform says "not done" with any code but 0.
"""

# ruff: noqa: E501 (a table: a row a line)

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Policy(StrEnum):
    """What we do when the platform gives the code."""

    REFUSE = "refuse"  # final; somebody looks at the request
    BUSY = "busy"  # later; at once with jitter where a repeat does no harm
    TOKEN = "token"  # noqa: S105 (a policy's name): read the shared token again, once
    CREDENTIALS = "credentials"  # stop calling, page the operator, do not hammer
    PERSON_GONE = "person_gone"  # the link to this person is broken
    OTHER_CHANNEL = "other_channel"  # this person cannot be reached this way now
    SPARE_PERSON = "spare_person"  # too often to this person: later
    DAY_USED_UP = "day_used_up"  # this call rests until midnight in Beijing
    MINUTE_USED_UP = "minute_used_up"  # this call rests until the next minute
    WAIT_A_MINUTE = "wait_a_minute"  # the same id too soon
    ALREADY_DONE = "already_done"  # success: it was done before
    RESTART_LOGIN = "restart_login"  # send the person through the sign-in again
    OUR_FAULT = "our_fault"  # a malformed request: dead letter, no repeat
    FEATURE_OFF = "feature_off"  # the account lacks the right: switch the feature off, tell the operator
    TELL_EDITOR = "tell_editor"  # shown to who wrote the article


@dataclass(frozen=True)
class Code:
    """One return code."""

    number: int
    words: str
    """The platform's own."""
    policy: Policy = Policy.REFUSE
    advice: str = ""
    """For operators, where there is something to do."""


_P = Policy
_LIST = "在公众平台「设置与开发—基本配置」的 IP 白名单里加上本机出口地址。"
_BUG = "请求的写法不对，属于程序问题，请连同 rid 报告。"

# fmt: off
_TABLE = (
    Code(-1, "系统繁忙，此时请开发者稍候再试", _P.BUSY),
    Code(30001, "图文中有转载内容，原创校验未通过", _P.TELL_EDITOR, "文章被判为转载，不能群发；请改稿或选择忽略转载。"),
    Code(30002, "原创校验失败，不允许转载", _P.TELL_EDITOR, "原作者不允许转载，请改稿。"),
    Code(30003, "原创校验未完成", _P.TELL_EDITOR, "原创校验没有完成，稍后再发。"),
    Code(40001, "获取 access_token 时 AppSecret 错误，或者 access_token 无效", _P.TOKEN),
    Code(40002, "不合法的凭证类型", _P.OUR_FAULT, _BUG),
    Code(40003, "不合法的 OpenID，请开发者确认 OpenID（该用户）是否已关注公众号，或是否是其他公众号的 OpenID", _P.PERSON_GONE),
    Code(40004, "不合法的媒体文件类型"),
    Code(40005, "不合法的文件类型"),
    Code(40006, "不合法的文件大小"),
    Code(40007, "不合法的媒体文件 id"),
    Code(40008, "不合法的消息类型", _P.OUR_FAULT, _BUG),
    Code(40009, "不合法的图片文件大小"),
    Code(40010, "不合法的语音文件大小"),
    Code(40011, "不合法的视频文件大小"),
    Code(40012, "不合法的缩略图文件大小"),
    Code(40013, "不合法的 AppID，请开发者检查 AppID 的正确性，避免异常字符，注意大小写", _P.CREDENTIALS, "AppID 填错了，请核对 DAXIANG_…_APPID。"),
    Code(40014, "不合法的 access_token，请开发者认真比对 access_token 的有效性（如是否过期），或查看是否正在为恰当的公众号调用接口", _P.TOKEN),
    Code(40015, "不合法的菜单类型"),
    Code(40016, "不合法的按钮个数"),
    Code(40017, "不合法的按钮类型"),
    Code(40018, "不合法的按钮名字长度"),
    Code(40019, "不合法的按钮 KEY 长度"),
    Code(40020, "不合法的按钮 URL 长度"),
    Code(40021, "不合法的菜单版本号"),
    Code(40022, "不合法的子菜单级数"),
    Code(40023, "不合法的子菜单按钮个数"),
    Code(40024, "不合法的子菜单按钮类型"),
    Code(40025, "不合法的子菜单按钮名字长度"),
    Code(40026, "不合法的子菜单按钮 KEY 长度"),
    Code(40027, "不合法的子菜单按钮 URL 长度"),
    Code(40028, "不合法的自定义菜单使用用户"),
    Code(40029, "无效的 oauth_code", _P.RESTART_LOGIN),
    Code(40030, "不合法的 refresh_token", _P.RESTART_LOGIN),
    Code(40031, "不合法的 openid 列表", _P.OUR_FAULT),
    Code(40032, "不合法的 openid 列表长度", _P.OUR_FAULT),
    Code(40033, "不合法的请求字符，不能包含 \\uxxxx 格式的字符", _P.OUR_FAULT, _BUG),
    Code(40035, "不合法的参数", _P.OUR_FAULT, _BUG),
    Code(40036, "不合法的 template_id 长度", _P.OUR_FAULT),
    Code(40037, "不合法的 template_id", _P.OUR_FAULT, "模板不在本账号的「我的模板」里，可能被删除了，请核对。"),
    Code(40038, "不合法的请求格式", _P.OUR_FAULT, _BUG),
    Code(40039, "不合法的 URL 长度", _P.OUR_FAULT),
    Code(40048, "无效的 url", _P.OUR_FAULT),
    Code(40050, "不合法的分组 id", _P.OUR_FAULT),
    Code(40053, "不合法的 actioninfo，请开发者确认参数正确", _P.OUR_FAULT),
    Code(40054, "不合法的子菜单按钮 url 域名"),
    Code(40055, "不合法的菜单按钮 url 域名"),
    Code(40066, "不合法的 url", _P.OUR_FAULT),
    Code(40114, "图文消息 index 参数不合法", _P.OUR_FAULT),
    Code(40119, "不合法的 button 类型"),
    Code(40120, "不合法的子 button 类型"),
    Code(40121, "不合法的 media_id 类型", _P.OUR_FAULT),
    Code(40125, "无效的 appsecret", _P.CREDENTIALS, "AppSecret 不对，可能已被重置，请更新 DAXIANG_…_SECRET。"),
    Code(40130, "invalid openid list size, at least two openid", _P.OUR_FAULT),
    Code(40132, "微信号不合法"),
    Code(40137, "不支持的图片格式"),
    Code(40155, "请勿添加其他公众号的主页链接", _P.TELL_EDITOR),
    Code(40163, "oauth_code 已使用", _P.RESTART_LOGIN),
    Code(40164, "调用接口的 IP 地址不在白名单中，请在接口 IP 白名单中进行设置", _P.CREDENTIALS, _LIST),
    Code(40243, "AppSecret 已被冻结，请登录公众平台解冻后再次调用", _P.CREDENTIALS, "AppSecret 被冻结，请到公众平台解冻。"),
    Code(41001, "缺少 access_token 参数", _P.TOKEN),
    Code(41002, "缺少 appid 参数", _P.OUR_FAULT, _BUG),
    Code(41003, "缺少 refresh_token 参数", _P.OUR_FAULT, _BUG),
    Code(41004, "缺少 secret 参数", _P.OUR_FAULT, _BUG),
    Code(41005, "缺少多媒体文件数据，传输素材无视频或图片内容", _P.OUR_FAULT),
    Code(41006, "缺少 media_id 参数", _P.OUR_FAULT, _BUG),
    Code(41007, "缺少子菜单数据", _P.OUR_FAULT),
    Code(41008, "缺少 oauth code", _P.RESTART_LOGIN),
    Code(41009, "缺少 openid", _P.OUR_FAULT, _BUG),
    Code(41030, "page 不正确", _P.OUR_FAULT),
    Code(41039, "content_source_url 不合法", _P.TELL_EDITOR, "阅读原文的链接不合规则，请核对。"),
    Code(42001, "access_token 超时，请检查 access_token 的有效期", _P.TOKEN),
    Code(42002, "refresh_token 超时", _P.RESTART_LOGIN),
    Code(42003, "oauth_code 超时", _P.RESTART_LOGIN),
    Code(42007, "用户修改微信密码，accesstoken 和 refreshtoken 失效，需要重新授权", _P.RESTART_LOGIN),
    Code(43001, "需要 GET 请求", _P.OUR_FAULT, _BUG),
    Code(43002, "需要 POST 请求", _P.OUR_FAULT, _BUG),
    Code(43003, "需要 HTTPS 请求", _P.OUR_FAULT, _BUG),
    Code(43004, "需要接收者关注", _P.OTHER_CHANNEL),
    Code(43019, "需要将接收者从黑名单中移除", _P.OTHER_CHANNEL),
    Code(43101, "用户拒绝接受消息，或者订阅已经用完、已经取消", _P.OTHER_CHANNEL),
    Code(43117, "给该用户发送消息过于频繁", _P.SPARE_PERSON),
    Code(44001, "多媒体文件为空", _P.OUR_FAULT),
    Code(44002, "POST 的数据包为空", _P.OUR_FAULT, _BUG),
    Code(44003, "图文消息内容为空", _P.OUR_FAULT),
    Code(44004, "文本消息内容为空", _P.OUR_FAULT),
    Code(45001, "多媒体文件大小超过限制"),
    Code(45002, "消息内容超过限制"),
    Code(45003, "标题字段超过限制"),
    Code(45004, "描述字段超过限制"),
    Code(45005, "链接字段超过限制"),
    Code(45006, "图片链接字段超过限制"),
    Code(45007, "语音播放时间超过限制"),
    Code(45008, "图文消息超过限制"),
    Code(45009, "接口调用超过限制", _P.DAY_USED_UP, "今天的调用次数用完了；确有需要时可清零（每月 10 次）。"),
    Code(45010, "创建菜单个数超过限制"),
    Code(45011, "API 调用太频繁，请稍候再试", _P.MINUTE_USED_UP),
    Code(45015, "回复时间超过限制", _P.OTHER_CHANNEL),
    Code(45016, "系统分组，不允许修改"),
    Code(45017, "分组名字过长"),
    Code(45018, "分组数量超过上限"),
    Code(45028, "has no masssend quota", _P.DAY_USED_UP, "群发次数用完了。"),
    Code(45047, "客服接口下行条数超过上限", _P.OTHER_CHANNEL),
    Code(45056, "创建的标签数过多，请注意不能超过 100 个"),
    Code(45057, "该标签下粉丝数超过 10w，不允许直接删除"),
    Code(45058, "不能修改 0/1/2 这三个系统默认保留的标签"),
    Code(45059, "有粉丝身上的标签数已经超过限制，即超过 20 个"),
    Code(45065, "相同 clientmsgid 已存在群发记录，返回数据中带有已存在的群发任务的 msgid", _P.ALREADY_DONE),
    Code(45066, "相同 clientmsgid 重试速度过快，请间隔 1 分钟重试", _P.WAIT_A_MINUTE),
    Code(45067, "clientmsgid 长度超过限制", _P.OUR_FAULT),
    Code(45083, "设置的 speed 参数不在 0 到 4 的范围内", _P.OUR_FAULT),
    Code(45084, "没有设置 speed 参数", _P.OUR_FAULT),
    Code(45157, "标签名非法，请注意不能和其他标签重名"),
    Code(45158, "标签名长度超过 30 个字节"),
    Code(45159, "非法的标签"),
    Code(45166, "图文正文内容不合法", _P.TELL_EDITOR, "正文里有平台不允许的内容或标签。"),
    Code(46001, "不存在媒体数据"),
    Code(46002, "不存在的菜单版本"),
    Code(46003, "不存在的菜单数据"),
    Code(46004, "不存在的用户", _P.PERSON_GONE),
    Code(47001, "解析 JSON/XML 内容错误", _P.OUR_FAULT, _BUG),
    Code(47003, "模板参数不准确，可能为空或者不满足规则，errmsg 会提示具体是哪个字段出错", _P.OUR_FAULT, "模板的字段填得不合规则，errmsg 里有字段名。"),
    Code(48001, "api 功能未授权，请确认公众号已获得该接口，可以在公众平台官网 - 开发者中心页中查看接口权限", _P.FEATURE_OFF, "账号没有这个接口的权限（认证可能到期），请到公众平台查看。"),
    Code(48002, "粉丝拒收消息（粉丝在公众号选项中，关闭了“接收消息”）", _P.OTHER_CHANNEL),
    Code(48003, "公众号没有权限", _P.FEATURE_OFF, "请在公众平台先开通或同意相应协议。"),
    Code(48004, "api 接口被封禁，请登录公众平台查看详情", _P.FEATURE_OFF, "接口被封禁，请登录公众平台查看原因。"),
    Code(48005, "api 禁止删除被自动回复和自定义菜单引用的素材"),
    Code(48006, "api 禁止清零调用次数，因为清零次数达到上限", _P.FEATURE_OFF, "本月的清零次数用完了。"),
    Code(48008, "没有该类型消息的发送权限", _P.FEATURE_OFF, "账号没有这一类消息的权限。"),
    Code(50001, "用户未授权该 api", _P.FEATURE_OFF, "账号没有把这个接口授权给我们。"),
    Code(50002, "用户受限，可能是违规后接口被封禁", _P.FEATURE_OFF, "账号受到限制，请登录公众平台查看。"),
    Code(50004, "禁止使用 token 接口", _P.CREDENTIALS, "账号不允许使用这种 token 接口。"),
    Code(50005, "用户未关注公众号", _P.OTHER_CHANNEL),
    Code(50007, "账号已冻结", _P.CREDENTIALS, "账号已被冻结，请登录公众平台查看。"),
    Code(53404, "账号已被限制带货能力，请删除商品后重试", _P.TELL_EDITOR),
    Code(53405, "插入商品信息有误", _P.TELL_EDITOR),
    Code(53406, "请先开通带货能力", _P.TELL_EDITOR),
    Code(53500, "发布功能被封禁", _P.FEATURE_OFF, "发布功能被封禁，请登录公众平台查看。"),
    Code(53501, "频繁请求发布", _P.MINUTE_USED_UP),
    Code(53502, "Publish ID 无效", _P.OUR_FAULT),
    Code(53503, "该草稿未通过发布检查", _P.TELL_EDITOR, "草稿没有通过平台的检查，请改稿。"),
    Code(53504, "需前往公众平台官网使用草稿", _P.TELL_EDITOR, "这篇草稿只能在公众平台网页上发布。"),
    Code(53505, "请手动保存成功后再发表", _P.TELL_EDITOR, "请在公众平台网页上打开草稿、保存后再发。"),
    Code(53600, "Article ID 无效", _P.OUR_FAULT),
    Code(61450, "系统错误", _P.BUSY),
    Code(61451, "参数错误", _P.OUR_FAULT),
    Code(61452, "无效客服账号"),
    Code(61453, "客服账号已存在"),
    Code(61454, "客服账号名长度超过限制"),
    Code(61455, "客服账号名包含非法字符"),
    Code(61456, "客服账号个数超过限制"),
    Code(61457, "无效头像文件类型"),
    Code(61458, "客户正在被其他客服接待"),
    Code(61459, "客服不在线"),
    Code(65301, "不存在此 menuid 对应的个性化菜单"),
    Code(65302, "没有相应的用户", _P.PERSON_GONE),
    Code(65303, "没有默认菜单，不能创建个性化菜单", _P.REFUSE, "先建默认菜单，再建个性化菜单。"),
    Code(65304, "MatchRule 信息为空"),
    Code(65305, "个性化菜单数量受限"),
    Code(65306, "不支持个性化菜单的账号", _P.FEATURE_OFF),
    Code(65307, "个性化菜单信息为空"),
    Code(65308, "包含没有响应类型的 button"),
    Code(65309, "个性化菜单开关处于关闭状态", _P.FEATURE_OFF),
    Code(65310, "填写了省份或城市信息，国家信息不能为空"),
    Code(65311, "填写了城市信息，省份信息不能为空"),
    Code(65312, "不合法的国家信息"),
    Code(65313, "不合法的省份信息"),
    Code(65314, "不合法的城市信息"),
    Code(65315, "不合法的语言信息"),
    Code(65316, "该公众号的菜单设置了过多的域名外跳（最多跳转到 3 个域名的链接）", _P.REFUSE, "菜单里的链接最多用 3 个域名，最好只用一个。"),
    Code(65317, "不合法的 URL"),
    Code(65400, "API 不可用，即没有开通或升级到新客服功能", _P.FEATURE_OFF, "请先在公众平台开通客服功能。"),
    Code(65401, "无效客服账号"),
    Code(65403, "客服昵称不合法"),
    Code(65404, "客服账号不合法"),
    Code(65405, "账号数目已达到上限，不能继续添加"),
    Code(65406, "已经存在的客服账号"),
    Code(65407, "邀请对象已经是本公众号客服"),
    Code(65408, "本公众号已发送邀请给该微信号"),
    Code(65409, "无效的微信号"),
    Code(65410, "邀请对象绑定公众号客服数量达到上限"),
    Code(65411, "该账号已经有一个等待确认的邀请，不能重复邀请"),
    Code(65412, "该账号已经绑定微信号，不能进行邀请"),
    Code(65413, "不存在对应用户的会话信息"),
    Code(65414, "客户正在被其他客服接待"),
    Code(65415, "客服不在线"),
    Code(65416, "查询参数不合法"),
    Code(65417, "查询时间段超出限制"),
    Code(76001, "rid 不存在"),
    Code(76002, "rid 为空或者格式错误", _P.OUR_FAULT),
    Code(76003, "当前账号无权查询该 rid，该 rid 属于其他账号调用所产生"),
    Code(76004, "rid 过期，仅支持持续 7 天内的 rid"),
    Code(76021, "cgi_path 填错了", _P.OUR_FAULT),
    Code(76022, "当前调用接口使用的 token 与 api 所属账号不符", _P.OUR_FAULT),
    Code(88000, "没有留言权限", _P.FEATURE_OFF, "账号没有留言权限，请关掉文章的留言开关。"),
    Code(89503, "此次调用需要管理员确认，请耐心等候", _P.CREDENTIALS, "请管理员在微信里确认这次调用。"),
    Code(89501, "此 IP 正在等待管理员确认，请联系管理员", _P.CREDENTIALS, "请管理员在微信里确认这个 IP。"),
    Code(89504, "此 IP 的调用请求正在等待处理", _P.CREDENTIALS, "请管理员处理这个 IP 的确认请求。"),
    Code(89505, "此 IP 的调用请求已失效", _P.CREDENTIALS, "确认已过期，请管理员重新确认这个 IP。"),
    Code(89506, "24 小时内该 IP 被管理员拒绝调用两次，24 小时内不可再使用该 IP 调用", _P.CREDENTIALS, "管理员拒绝了两次，24 小时后才能再用这个 IP。"),
    Code(89507, "1 小时内该 IP 被管理员拒绝调用一次，1 小时内不可再使用该 IP 调用", _P.CREDENTIALS, "管理员拒绝了一次，1 小时后才能再用这个 IP。"),
)
# fmt: on

CODES = {code.number: code for code in _TABLE}

REFUSED_POLICIES = frozenset(
    {
        Policy.REFUSE,
        Policy.PERSON_GONE,
        Policy.OTHER_CHANNEL,
        Policy.RESTART_LOGIN,
        Policy.OUR_FAULT,
        Policy.FEATURE_OFF,
        Policy.TELL_EDITOR,
    }
)
"""The policies under which the same request is never tried again. The others are a matter of time."""


def code_of(number: int | str) -> Code:
    """The table's row; for a number that is not in it, one that is final."""
    if isinstance(number, int) and number in CODES:
        return CODES[number]
    return Code(number if isinstance(number, int) else 0, "")


def policy_of(number: int | str) -> Policy:
    """What we do about it."""
    return code_of(number).policy
