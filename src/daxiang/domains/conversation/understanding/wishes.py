"""Wishes: 记住这辆车, 忘记, 晚上提醒我, 给民警留言, 今天能走 (the menu's own words)."""

from __future__ import annotations

import re

from daxiang.domains.conversation.meaning import Wish
from daxiang.domains.conversation.understanding.parts import Part, spellings, words

_KEPT = tuple(
    f"{whose}{what}"
    for whose in ("", "我的", "我的所有", "我的全部", "所有", "全部", "我所有的", "我全部的")
    for what in (
        "信息",
        "资料",
        "数据",
        "记录",
        "个人信息",
        "账号",
        "账户",
        "帐号",
        "个人资料",
        "聊天记录",
        "隐私",
    )
)
_WITHDRAWALS = " ".join(
    [
        f"{verb}{what}"
        for verb in ("撤回", "撤销", "取消", "收回", "解除")
        for what in ("同意", "授权", "我的同意", "我的授权", "我同意的", "对我的授权")
    ]
    + [
        f"{verb}{kept}"
        for verb in ("删除", "删掉", "删", "清除", "清空", "抹掉", "注销", "销毁")
        for kept in _KEPT
    ]
    + [
        f"{ba}{kept}{verb}"
        for ba in ("把", "将", "")
        for kept in _KEPT
        if ba or kept.startswith("我的")
        for verb in (
            "删除",
            "删了",
            "删掉",
            "删除掉",
            "都删了",
            "清除",
            "清空",
            "清掉",
            "注销",
            "注销了",
            "全删了",
            "全部删除",
        )
    ]
)
"""To take back one's consent, or to have what is kept of one deleted, is 忘记."""

WORDS = (
    words(
        Part.WISH,
        Wish.REMEMBER,
        """
            记住 记住我的车 记住这辆车 记住这个车 记住这台车 记住我 记下 记下来 记下这辆车 记一下
            记下我的车 记我的车 帮我记住 帮我记 记得我的车 保存 保存我的车 保存车牌 保存这辆车 记录我的车
            存一下 添加车辆 添加我的车 加一辆车 我要记住 同意记住 记到 请记住 录入我的车
        """,
    )
    | words(
        Part.WISH,
        Wish.FORGET,
        """
            忘记 忘掉 忘了吧 忘记我的车 忘记这辆车 忘了这辆车 忘了我的车 忘掉我的车 忘掉这辆车
            把我的车忘了 删除 删掉 删了 删除我的车 删掉我的车 删除这辆车 删掉这辆车 删除记录 删除我的信息
            清除 清空 别记了 别记我的车 别记住 不要记住 不用记了 不要记了 全部忘记 别记我的车牌 不要记我的车牌
            别记车牌 不要记车牌 别记我的牌 别记住我的车牌 不要记住我的车牌 忘记我的车牌
            别存我的车牌 不要存我的车牌 不要记我的车 不要记住我的车 别记住我的车 别保存我的车牌
            不要保存我的车牌 删除我的车牌 删掉我的车牌
            都忘了 都忘了吧 都忘记
            忘记全部 忘记所有 注销 取消记住 移除 忘记我 忘了我 把我忘了 把我忘掉 忘掉我
            别存我的信息 不要存我的信息 不要保存我的信息 别保存我的信息 不再同意 我不同意了 我不再同意
            全部删除 全删了 全部删掉 删号
        """,
    )
    | words(Part.WISH, Wish.FORGET, _WITHDRAWALS)
    | words(
        Part.WISH,
        Wish.MY_CARS,
        """
            我的车 我的车辆 我有哪些车 记了哪些车 记住了哪些车 记了什么 记住了什么 我的车有哪些 看我的车
            查看我的车 我绑了哪些车 你记住了哪些车 你记了哪些车 你记得我的车吗 你记住我的车了吗 我的爱车
            车辆管理 管理车辆 有哪些车 记得哪些车
        """,
    )
    | words(
        Part.WISH,
        Wish.TODAY,
        """
            今天能走 今天能走吗 今天能走不 今天能走么 今天走得吗 今天可以走吗 今天限不限 今天限行吗
            今天限行不 今天限号吗 今天限不限行 今天限不限号 今天能不能走 今天可不可以走 今天走不走得
            今天怎么样 今天我能走吗 我今天能走吗 我的车今天能走吗 我今天限行吗 我的车今天限行吗
            我的车能走吗 我车今天能走吗 我的车限不限 今天走得不 今天走不走得了 今天能过江吗 今天能开吗
            今天能不能开 今天能上桥吗
        """,
    )
    | words(
        Part.WISH,
        Wish.EVENING_ON,
        """
            提醒我 晚上提醒我 到晚上提醒我 每晚提醒我 每天晚上提醒我 每天提醒我 前一天提醒我
            前一天晚上提醒我 头天晚上提醒我 限行提醒 开启提醒 打开提醒 开提醒 要提醒 我要提醒 晚上提醒
            提醒一下 提醒我一下 限行前提醒我 限行的时候提醒我 限号提醒 到时候提醒我 限行提醒我
            晚上八点提醒我 订阅提醒 设置提醒
        """,
    )
    | words(
        Part.WISH,
        Wish.EVENING_OFF,
        """
            不用提醒了 不用提醒 不用提醒我 不用提醒我了 不要提醒 不要提醒了 不要提醒我 不要提醒我了 别提醒
            别提醒了 别提醒我 别提醒我了 取消提醒 关闭提醒 关掉提醒 关提醒 停止提醒 不提醒了 别再提醒
            别再提醒我 别再提醒我了 不需要提醒 不需要提醒了 退订 退订提醒 提醒关了 把提醒关了
            晚上别提醒我了 晚上不用提醒了 晚上不用提醒我了 停了提醒
        """,
    )
    | words(
        Part.WISH,
        Wish.PICTURE,
        """
            发张图 发个图 发图 发图片 发图片给我 今天的图 明天的图 看图 图片 来张图 给我图 给我一张图
            给张图 画张图 画一张图 画个图 画图 要图 我要图 图呢 发一张图 发张图给我 发个图给我 今日的图
            今天图 出张图 看今天的图 地图 桥的图 图
        """,
    )
    | words(
        Part.WISH,
        Wish.LEAVE_MESSAGE,
        """
            给民警留言 留言 我要留言 给交警留言 给警察留言 留个言 我想留言 留言给民警 给你们留言 要留言
            我要给民警留言 留句话 带句话给民警 转告民警 跟民警说 告诉民警 反映 我要反映 反映情况 反映问题
            投诉 我要投诉 投诉建议 建议 意见反馈 我有建议 提建议 提个建议 提意见 我要反映情况
        """,
    )
    | words(
        Part.WISH,
        Wish.TELL_ME,
        """
            定了告诉我 定下来告诉我 有新通告告诉我 有通告告诉我 有消息告诉我 有新消息告诉我 有通知告诉我
            有新通知告诉我 出来了告诉我 有结果告诉我 定了通知我 有变化告诉我 确定了告诉我 有了告诉我
            到时候告诉我 定了跟我说 定了说一声 有新规定告诉我 出了告诉我 有更新告诉我
        """,
    )
)

YES = spellings(
    """
    好的 好 是 是的 对 对的 嗯 嗯嗯 行 可以 OK OKAY 没问题 要 同意 好啊 好呀 好滴 好嘞 好吧 行吧 可以的
    是啊 对啊 对呀 是呀 确认 确定 YES Y 要的 需要 同意记住 愿意 中 得 好哒 恩 昂 是滴 对滴 嗯好 好的好的
    行的 1+ 同意了 就是 没错 正确
    """
)
NO = spellings(
    """
    不是 不 不要 不用 不用了 不行 算了 否 不对 不同意 没有 不了 NO N 不要了 不需要 不是的 不对的 取消 不必
    不必了 不用谢 不可以 先不用 先不要 听错了 你听错了 错了 搞错了 不好 算了吧 没 换个尾号 拒绝 不愿意
    不记 别了 不用不用 暂时不用 以后再说 不是这个 撤回 不留了 不留言了 不留言 算了不留了 不想留了
    """
)
"""Yes and no are so only when nothing else is said."""

_MESSAGE = re.compile(
    r"^\s*(?:我要|我想)?(?:给(?:民警|交警|警察|你们))?留言\s*[:：,，。\s]\s*(?P<words>\S.*)$", re.DOTALL
)


_ASKING = "(?:请|帮我|我要|我想|把)*"
_TAKE_BACK = "(?:撤回|撤销|收回|取消|删除|删掉)"
_NUMBER = "(?:编号|第)?[: ]*(?P<number>[0-9]{1,18})?(?:号|条)?的?"
_TAKEN_BACK = (
    re.compile(f"{_ASKING}{_TAKE_BACK}(?:一下|我的|给民警的|那条|这条)*留言[,: ]*{_NUMBER}"),
    re.compile(f"{_ASKING}留言[,: ]*{_NUMBER}{_TAKE_BACK}(?:了|吧|掉)?"),
    re.compile(f"{_ASKING}(?:{_TAKE_BACK})?{_NUMBER}留言(?:{_TAKE_BACK})?(?:了|吧|掉)?"),
)


def taken_back_in(line: str) -> str | None:
    """Which message for the officers is to be taken back: its number, empty where none is said; None when the
    (normal) line says no such thing.
    """
    said = line.strip().rstrip("。.!?")
    if not re.search(_TAKE_BACK, said):
        return None
    found = next((one for way in _TAKEN_BACK if (one := way.fullmatch(said))), None)
    return None if found is None else found["number"] or ""


def message_in(text: str) -> str:
    """The words for the officers that came along: 留言：路灯坏了. Empty when there are none."""
    found = _MESSAGE.match(text)
    return found["words"].strip() if found else ""
