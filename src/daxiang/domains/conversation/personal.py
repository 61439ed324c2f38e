"""One's own cars, the evening notice, the picture, words for the officers: asked, done, said. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from daxiang.domains.conversation import texts
from daxiang.domains.conversation.asking import answer_asks
from daxiang.domains.conversation.cars import kind_name, name_of
from daxiang.domains.conversation.chinese import day_name, listed
from daxiang.domains.conversation.facts import Facts, Feature
from daxiang.domains.conversation.meaning import Asks, Car, Intent, WantsCar, Wish
from daxiang.domains.conversation.precision import minute_of
from daxiang.domains.conversation.replies import (
    Act,
    Evening,
    Forget,
    LeaveMessage,
    Remember,
    Reply,
    ReplyKind,
    SendPicture,
    TakeBack,
    TellMe,
)
from daxiang.domains.conversation.talk import Step, Talk
from daxiang.domains.conversation.understanding.normal import bare, normal

LONGEST_MESSAGE = 500
_MOST_NAMED = 4
_CONSENT = "同意，记住"
_CLOSES_CONSENT = {Wish.YES, Wish.NO, Wish.REMEMBER, Wish.FORGET, Wish.EVENING_ON, Wish.EVENING_OFF}
_NOT_LEFT = "这句没有当留言记下。办完急事再发一条，就给民警留下。"
_EVENING_PROMISE = (
    "哪天过江要限行，前一天晚上8点告诉您。\n"
    "有一点要先说明：您48小时内给我发过消息，我才发得出去；超过了就发不出，请自己点“今天能走”看。\n"
    "不要了，说“不用提醒了”。"
)


def answer_wish(wants: WantsCar, facts: Facts) -> Reply:
    """The reply to a wish, with the act that fulfils it where one is due."""
    return _WISHES[wants.wish](wants, facts)


def leave_message(words: str, facts: Facts) -> Reply:
    """The words go to the officers."""
    text = (
        "记下了，编号{number}。民警看到后处理；急事别等，直接打122。\n"
        "民警没看之前能撤回：说“撤回留言 {number}”。"
    )
    return _talk(text, facts, act=LeaveMessage(words=words[:LONGEST_MESSAGE]), ends=True)


def with_message_open(reply: Reply, *, talk: Talk | None, now: datetime, was_message: bool) -> Reply:
    """The answer to danger, for somebody who was about to leave words for the officers, or tried to with
    these very words (`was_message`): danger first, then that nothing was left, and how to leave it. The talk
    goes on waiting for the words.
    """
    is_open = talk is not None and talk.step is Step.MESSAGE and talk.is_alive(now)
    if not (is_open or was_message):
        return reply
    before = talk if talk is not None and talk.is_alive(now) else Talk(at=now)
    kept = replace(before, at=now, step=Step.MESSAGE)
    return replace(reply, text=f"{reply.text}\n{_NOT_LEFT}", talk=kept)


def asks_for_message(facts: Facts) -> Reply:
    """Asks for the words, or says that nobody is here to read them."""
    if not facts.has(Feature.MESSAGE):
        return _talk(texts.HUMAN_ELSEWHERE, facts)
    return _talk(texts.HUMAN, facts, kind=ReplyKind.ASK_BACK, step=Step.MESSAGE, choices=("算了",))


def _today(_wants: WantsCar, facts: Facts) -> Reply:
    """Menu 今天能走: the remembered cars at once; without any the digits."""
    if facts.cars:
        return answer_asks(Asks(cars=tuple(own.car for own in facts.cars)), replace(facts, talk=None))
    return answer_asks(Asks(), facts)


def _remember(wants: WantsCar, facts: Facts) -> Reply:
    car = wants.car or _talked_of(facts)
    if not facts.has(Feature.REMEMBER):
        return _talk("这里还不能记住车。下次发车牌的最后一位，我马上答。", facts)
    if car is None or car.tail_digit is None:
        text = "好，是哪辆车？发车牌，或者点一下最后一位（是字母就点它前面的数字）："
        return _talk(text, facts, kind=ReplyKind.ASK_BACK, choices=texts.DIGITS, step=Step.REMEMBER)
    if any(own.car == car for own in facts.cars):
        return _talk(f"{name_of(car)} 已经记着了。点“今天能走”就有它的答案。", facts)
    talk = _alive(facts)
    return _asks_consent(
        car, facts, step=Step.EVENING if talk and talk.step is Step.EVENING else Step.REMEMBER
    )


def _asks_consent(car: Car, facts: Facts, *, step: Step) -> Reply:
    """To the car alone, or to the car and the evening notice that it was asked for."""
    is_for_evening = step is Step.EVENING
    text = (
        f"要记住 {name_of(car)}{'，晚上提醒您' if is_for_evening else ' '}吗？\n"
        f"只记{'车牌' if car.plate else '尾号'}{'和车型' if kind_name(car) else ''}，加密存放，"
        f"只用来答您今天能不能走{'、晚上提醒您' if is_for_evening else ''}，不查违法，也不给别人看。\n"
        "说一声“忘记”，马上删掉。"
    )
    choices = (_CONSENT, "不用了")
    reply = _talk(text, facts, kind=ReplyKind.ASK_BACK, choices=choices, step=step, car=car)
    offered = reply.talk and replace(reply.talk, offered=car, is_offered_evening=is_for_evening)
    return replace(reply, talk=offered)


def with_consent_open(reply: Reply, intent: Intent, facts: Facts) -> Reply:
    """The reply to something else, with the consent that was asked for still open behind it; the car that it
    names is remembered when 同意，记住 is tapped, as long as the talk lives. A wish about what is kept, and a
    no, close it.
    """
    before, after = _alive(facts), reply.talk
    is_closed = isinstance(intent, WantsCar) and intent.wish in _CLOSES_CONSENT
    if before is None or before.offered is None or after is None or is_closed:
        return reply
    if after.offered is not None:
        return reply
    kept = replace(after, offered=before.offered, is_offered_evening=before.is_offered_evening)
    return replace(reply, talk=kept)


def _forget(wants: WantsCar, facts: Facts) -> Reply:
    if wants.car is not None and wants.car.tail_digit is not None:
        car = next((own.car for own in facts.cars if _is_same(own.car, wants.car)), None)
        if car is None:
            return _talk("没有记着这辆车，不用忘。", facts)
        return _talk(f"忘了。{name_of(car)} 的记录已经删掉。", facts, act=Forget(car=car), ends=True)
    if not facts.cars and not facts.has_evening:
        text = "本来就没有记着您的车，也没有开提醒。刚才聊到哪儿，删掉了。\n{stays}"
    else:
        text = "都忘了：记住的车、晚上的提醒、刚才聊到哪儿，都删掉了。\n{stays}"
    return _talk(text, facts, act=Forget(car=None), ends=True)


def what_stays(messages: Sequence[int], unseen: Sequence[int], *, message_days: int, inbox_days: int) -> str:
    """What is kept after 忘记, why and until when: words to the officers, the sealed record of the chat.

    `messages`: numbers of all that are kept; `unseen`: of those that may be taken back.
    """
    record = f"来往消息的加密底稿还留着，只为查对答得对不对，满{inbox_days}天自动删。"
    if not messages:
        return record
    named = "、".join(map(str, messages[:_MOST_NAMED])) + ("等" if len(messages) > _MOST_NAMED else "")
    text = f"您给民警的留言（{named}）要等民警办，办完{message_days}天后删。"
    if unseen:
        text += f"民警没看的能撤回：说“撤回留言 {unseen[0]}”。"
    return f"{text}\n{record}"


def _take_back(wants: WantsCar, facts: Facts) -> Reply:
    if not facts.has(Feature.MESSAGE):
        return _talk(texts.HUMAN_ELSEWHERE, facts)
    talk = _alive(facts)
    if talk and talk.step is Step.MESSAGE and not wants.words:
        return _no(wants, facts)  # the words that were asked for are called off, not an older message
    text = "撤回了。编号{number}的留言已经删掉，民警没有看到。"
    number = int(wants.words) if wants.words.isdecimal() else None
    return _talk(text, facts, act=TakeBack(number=number), ends=True)


def _my_cars(_wants: WantsCar, facts: Facts) -> Reply:
    if not facts.cars:
        return _talk("现在没有记着您的车。把车牌发给我，再点“记住这辆车”就行。", facts)
    names = listed([name_of(own.car) for own in facts.cars])
    evening = "晚上8点的提醒开着。" if facts.has_evening else ""
    choices = ["今天能走"]
    if facts.has(Feature.EVENING):
        choices.append("不用提醒了" if facts.has_evening else "晚上提醒我")
    return _talk(f"记着的车：{names}。{evening}\n要删掉，说“忘记”。", facts, choices=(*choices, "忘记"))


def _evening_on(_wants: WantsCar, facts: Facts) -> Reply:
    if not facts.has(Feature.EVENING):
        return _talk("这里还不能主动提醒。点菜单“今天能走”，随时能看。", facts)
    if not facts.cars:
        car = _talked_of(facts)
        if car is not None and car.tail_digit is not None and facts.has(Feature.REMEMBER):
            return _asks_consent(car, facts, step=Step.EVENING)
        text = "先告诉我是哪辆车：发车牌，或者点一下最后一位（是字母就点它前面的数字）："
        return _talk(text, facts, kind=ReplyKind.ASK_BACK, choices=texts.DIGITS, step=Step.EVENING)
    names = listed([name_of(own.car) for own in facts.cars])
    text = f"好。{names} {_EVENING_PROMISE}"
    return _talk(text, facts, act=Evening(on=True), ends=True)


def _evening_off(_wants: WantsCar, facts: Facts) -> Reply:
    return _talk(
        "好，晚上不再提醒您。", facts, act=Evening(on=False) if facts.has_evening else None, ends=True
    )


def _picture(wants: WantsCar, facts: Facts) -> Reply:
    if not facts.has(Feature.PICTURE):
        return _talk("这里还不能发图。发车牌的最后一位，我用文字告诉您。", facts)
    car = wants.car or _talked_of(facts) or (facts.cars[0].car if facts.cars else None)
    if car is None:
        return _talk(
            f"画图要先知道是哪辆车。{texts.ASK_TAIL}", facts, kind=ReplyKind.ASK_BACK, choices=texts.DIGITS
        )
    now = minute_of(facts.cards, facts.now)
    talk = _alive(facts)
    day = talk.days[0] if talk and talk.days else now.date()
    text = f"{name_of(car)}，{day_name(day, now)}的图这就发给您，转到家人群里也行。"
    return _talk(text, facts, act=SendPicture(day=day, car=car), car=car)


def _leave_message(wants: WantsCar, facts: Facts) -> Reply:
    if wants.words.strip() and facts.has(Feature.MESSAGE):
        return leave_message(wants.words.strip(), facts)
    return asks_for_message(facts)


def _tell_me(_wants: WantsCar, facts: Facts) -> Reply:
    talk = _alive(facts)
    if not facts.has(Feature.TELL_ME):
        return _talk("这里还不能主动告诉您。过几天再问我一次就行。", facts)
    act = TellMe(places=talk.places if talk else (), day=talk.days[0] if talk and talk.days else None)
    text = "好，定下来我告诉您。您48小时内给我发过消息，我才发得出去；超过了请再问我一次。"
    return _talk(text, facts, act=act)


def _yes(_wants: WantsCar, facts: Facts) -> Reply:
    talk = _alive(facts)
    if talk and talk.step is Step.MESSAGE:
        return asks_for_message(facts)  # 好: the words are still to come
    if _says(_CONSENT, facts) and not (talk and talk.step in {Step.REMEMBER, Step.EVENING}):
        return _late_consent(facts)
    if talk and talk.cars and talk.cars[0].tail_digit:
        if talk.step is Step.REMEMBER:
            return _remembered(talk.cars[0], facts)
        if talk.step is Step.EVENING and facts.has(Feature.REMEMBER):
            return _remembered_for_evening(talk.cars[0], facts)
    return _talk(f"好。想知道今天怎么过江，{texts.ASK_TAIL}", facts, choices=texts.DIGITS)


def _late_consent(facts: Facts) -> Reply:
    """To the consent that was asked for before other questions; where that is gone, it is asked for again."""
    talk = _alive(facts)
    if talk and talk.offered and facts.has(Feature.REMEMBER):
        is_for_evening = talk.is_offered_evening
        return (_remembered_for_evening if is_for_evening else _remembered)(talk.offered, facts)
    again = _remember(WantsCar(wish=Wish.REMEMBER), facts)
    is_asked = again.kind is ReplyKind.ASK_BACK
    return replace(again, text=f"还没有记住。{again.text}") if is_asked else again


def _says(words: str, facts: Facts) -> bool:
    return bare(normal(facts.words)) == bare(normal(words))


def _remembered(car: Car, facts: Facts) -> Reply:
    where = "点菜单“今天能走”" if facts.has(Feature.MENU) else "发“今天能走”"
    text = f"记住了 {name_of(car)}。以后{where}就有答案。\n说“我的车”看记了什么，说“忘记”马上删掉。"
    choices = ("今天能走", "晚上提醒我") if facts.has(Feature.EVENING) else ("今天能走",)
    return _talk(text, facts, act=Remember(car=car), car=car, choices=choices)


def _remembered_for_evening(car: Car, facts: Facts) -> Reply:
    text = f"记住了 {name_of(car)}。{_EVENING_PROMISE}"
    act = Remember(car=car, is_for_evening=True)
    return _talk(text, facts, act=act, car=car, choices=("今天能走",))


def _no(_wants: WantsCar, facts: Facts) -> Reply:
    """No to what was asked; without a question that waits it is 听错了 or 换个尾号."""
    talk = _alive(facts)
    if talk and talk.step in {Step.REMEMBER, Step.EVENING, Step.MESSAGE, Step.FORGET}:
        return _talk("好，不办了，什么都没有记。", facts, ends=True)
    if talk and talk.offered and _says("不用了", facts):
        return _talk("好，不记。", facts, ends=True)
    before = talk or Talk(at=facts.now)
    kept = replace(before, at=facts.now, cars=(), step=Step.CAR, offered=None, is_offered_evening=False)
    text = f"好，再说一遍也行，或者{texts.ASK_TAIL}"
    return Reply(kind=ReplyKind.ASK_BACK, text=text, choices=texts.DIGITS, talk=kept, cards=facts.cards)


_WISHES: dict[Wish, Callable[[WantsCar, Facts], Reply]] = {
    Wish.TODAY: _today,
    Wish.REMEMBER: _remember,
    Wish.FORGET: _forget,
    Wish.MY_CARS: _my_cars,
    Wish.EVENING_ON: _evening_on,
    Wish.EVENING_OFF: _evening_off,
    Wish.PICTURE: _picture,
    Wish.LEAVE_MESSAGE: _leave_message,
    Wish.TAKE_BACK: _take_back,
    Wish.TELL_ME: _tell_me,
    Wish.YES: _yes,
    Wish.NO: _no,
}


def _alive(facts: Facts) -> Talk | None:
    return facts.talk if facts.talk and facts.talk.is_alive(facts.now) else None


def _talked_of(facts: Facts) -> Car | None:
    talk = _alive(facts)
    return talk.cars[0] if talk and talk.cars else None


def _is_same(own: Car, named: Car) -> bool:
    if named.plate is not None:
        return own.plate == named.plate
    return own.tail_digit == named.tail_digit


def _talk(
    text: str,
    facts: Facts,
    *,
    kind: ReplyKind = ReplyKind.TALK,
    choices: tuple[str, ...] = (),
    step: Step | None = None,
    car: Car | None = None,
    act: Act | None = None,
    ends: bool = False,
) -> Reply:
    """A reply that keeps the talk's question; `ends`: only its waiting step ends."""
    before = _alive(facts) or Talk(at=facts.now)
    cars = (car,) if car is not None else before.cars
    talk = replace(
        before, at=facts.now, step=step, cars=cars, misses=0, offered=None, is_offered_evening=False
    )
    if isinstance(act, Forget):
        talk = Talk(at=facts.now)
    return Reply(kind=kind, text=text, choices=choices, talk=talk, act=act, cards=facts.cards)
