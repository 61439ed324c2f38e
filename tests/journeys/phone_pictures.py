"""The phone's states for `make screenshots`, in the order in which a person comes to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.sync_api import Browser, FrameLocator, Page
from prove.instance import Instance, free_ports

from tests.journeys.conftest import TUESDAY
from tests.journeys.phone import MENU, Phone, Platform

PHONE_SIZES = {"wide": (1440, 1000), "390": (390, 844)}
VOICE = "尾号六，明天晚上十点半，长江大桥走不走得？"
BRIEFING = """<h2>昨日</h2><p>全市事故41起，比上周五少6起；重要警情2件，都已办结。</p>
<h2>微信课堂：雨天追尾，现场怎么拍</h2>
<p>先开双闪，人到路边。三张照片：车前、车后、碰到的地方，车牌要看得清。拍完马上挪到不挡路的地方。</p>
<blockquote>有人受伤，先打120，再打122。</blockquote><p>这一期里的事都是编的。</p>"""
TITLE = "11月24日 周二简报"


def states(browser: Browser, instance: Instance, size: str, scheme: str) -> Iterator[tuple[str, Page]]:
    """Each state by its name, with the page that shows it, from a simulator that has just been reset."""
    platform = Platform(instance.url("simulator"))
    platform.sim("/reset", {})
    platform.sim("/clock", {"now": TUESDAY, "rate": 0})
    width, height = PHONE_SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(instance.url("simulator"))
    first = Phone(page)
    second = Phone(page, 1) if size == "wide" else first
    for name in _stages(instance, platform, first, second):
        page.mouse.move(0, 0)
        page.wait_for_function("() => [...document.images].every((one) => one.complete)")
        yield name, page
    context.close()


def _stages(instance: Instance, platform: Platform, first: Phone, second: Phone) -> Iterator[str]:
    first.glass.get_by_role("button", name="关注", exact=True).wait_for()
    yield "account"
    platform.call("/cgi-bin/menu/create", {"button": MENU})
    first.follow()
    if second is not first:
        second.follow()
    yield "greeting"
    yield from _asking(first, second)
    yield from _sending(first, second)
    yield from _receiving(instance, platform, first, second)
    yield from _failing(platform, first)
    yield from _around(first, second)


def _asking(first: Phone, second: Phone) -> Iterator[str]:
    first.press("5")
    first.see("江汉桥不能走")
    first.press("我的车")
    yield "menu"
    first.page.keyboard.press("Escape")
    second.say("我被撞了")
    second.see("马上打")
    yield "danger"
    second.log.get_by_role("button", name="看这条消息的原始回调").last.focus()
    second.page.keyboard.press("Enter")
    second.page.locator(".facts dd").first.wait_for()
    yield "drawer"
    second.page.get_by_role("tab", name="密文").click()
    yield "drawer-sealed"
    second.page.keyboard.press("Escape")


def _sending(first: Phone, second: Phone) -> Iterator[str]:
    second.more("照片")
    yield "picture"
    second.press("蹭到的车尾")
    second.log.get_by_role("button", name="看大图").wait_for()
    second.glass.get_by_role("img", name="正在发送").wait_for(state="detached")
    second.press("说话")
    second.press("按住 说话")
    second.glass.get_by_role("textbox").fill(VOICE)
    yield "voice"
    second.press("发送")
    second.log.get_by_text("走不走得").wait_for()
    second.glass.get_by_role("img", name="正在发送").wait_for(state="detached")
    second.press("打字")
    first.more("视频")
    yield "films"
    first.press("后车蹭上来")
    first.log.get_by_role("button", name="看视频").wait_for()
    first.glass.get_by_role("img", name="正在发送").wait_for(state="detached")
    first.more("位置")
    first.see("武汉市汉阳区 琴台大道")
    yield "place"
    first.press("发送")
    first.glass.get_by_role("img", name="正在发送").wait_for(state="detached")
    yield "sent"
    second.log.get_by_role("button", name="语音").click(button="right")
    yield "held"
    second.page.keyboard.press("Escape")
    first.log.get_by_role("button", name="看视频").click()
    first.page.wait_for_function("() => document.querySelector('.viewer video')?.currentTime > 1.8")
    first.glass.locator("video").evaluate("e => e.pause()")
    yield "film"
    first.press("关上")


def _receiving(instance: Instance, platform: Platform, first: Phone, second: Phone) -> Iterator[str]:
    platform.sim("/clock", {"now": "2026-11-24T20:00:00+08:00", "rate": 0})
    article = {
        "title": "雨天追尾，现场怎么拍",
        "description": "微信课堂，读一分钟",
        "url": instance.url("web"),
    }
    for phone in {first.user: first, second.user: second}.values():
        platform.remind(phone.user, instance.url("web", "/?tail=5"))
        phone.see("限行提醒")
    platform.custom(second.user, "news", {"articles": [article]})
    second.see("雨天追尾")
    yield "cards"
    first.press("查看详情")
    inside = first.glass.frame_locator("iframe")
    inside.get_by_role("heading", level=1).first.wait_for()
    yield "page"
    _wants_notices(platform, inside)
    inside.get_by_role("button", name="订提醒").click()
    first.glass.get_by_role("dialog").wait_for()
    yield "consent"
    first.press("允许")
    first.press("关闭页面")
    yield from _an_article(platform, second)


def _wants_notices(platform: Platform, inside: FrameLocator) -> None:
    """The website does not subscribe yet: the open tag is put into the page that is shown."""
    kinds = {"业务办理进度提醒": "one_time", "检验到期提醒": "long_term"}
    for number, (title, kind) in enumerate(kinds.items()):
        held = {"template_id": f"notice{number}", "title": title, "kind": kind}
        content = "业务名称:{{thing1.DATA}}\n办理状态:{{phrase2.DATA}}"
        platform.sim("/accounts/service/templates", held | {"content": content})
    inside.locator("main").first.evaluate(
        """e => { const [tag, key] = ["wx-open-subscribe", "template"].map((one) =>
          document.createElement(one));
        tag.setAttribute("template", "notice0,notice1"); key.innerHTML = "<button>订提醒</button>";
        tag.append(key); e.prepend(tag); }"""
    )


def _an_article(platform: Platform, second: Phone) -> Iterator[str]:
    platform.sim(f"/users/{second.user}/follow", {"account": "subscription"})
    platform.brief(second.user, TITLE, BRIEFING)
    second.press("返回")
    second.glass.get_by_role("button", name="订阅号消息，2条未读").wait_for()
    yield "folder"
    second.glass.get_by_role("button", name="订阅号消息").click()
    second.glass.get_by_role("button", name="武汉交警内部号").click()
    second.glass.get_by_role("button", name=TITLE).wait_for()
    yield "briefing"
    second.glass.get_by_role("button", name=TITLE).click()
    second.glass.frame_locator("iframe").get_by_role("heading", name=TITLE).wait_for()
    yield "article"
    for _ in range(3):
        second.glass.get_by_role("button", name=re.compile("关闭页面|返回")).first.click()
    second.glass.get_by_role("button", name=re.compile("^武汉交警，")).click()


def _failing(platform: Platform, first: Phone) -> Iterator[str]:
    """The service is away: three tries, then the platform's own sentence."""
    accounts = platform.sim("/accounts")["accounts"]
    away = f"http://127.0.0.1:{free_ports(1)[0]}/"
    platform.sim("/accounts", [{**one, "callback": away} for one in accounts], method="PUT")
    first.say("后天5江汉桥")
    first.see("该公众号提供的服务出现故障")
    first.log.get_by_role("button", name="看这条消息的原始回调").last.focus()
    first.page.keyboard.press("Enter")
    first.page.get_by_role("tab", name="经过").click()
    first.page.locator(".tries li").nth(2).wait_for()
    yield "failed"
    first.page.keyboard.press("Escape")
    platform.sim("/accounts", accounts, method="PUT")


def _around(first: Phone, second: Phone) -> Iterator[str]:
    page = first.page
    platform = Platform(page.url)
    platform.sim("/faults", {"path": "/cgi-bin/*", "kind": "lost_answer", "rate": 0.05, "seed": 7})
    first.press("返回")
    first.press("我")
    first.press("锁屏 看锁屏上会露出什么")
    platform.remind(first.user)
    first.see("有一条服务通知")
    yield "lock"
    first.press("点一下解锁")
    first.press("消息")
    first.see("武汉交警")
    yield "chats"
    controls = page.get_by_role("button", name="模拟器 · 李强")
    if controls.is_visible():
        controls.click()
        yield "controls"
    page.get_by_role("button", name="故障：看全部、添加").click()
    page.get_by_text("遇到").first.wait_for()
    yield "faults"
    platform.sim("/faults", method="DELETE")
