"""From the tree of an event to its value: which field of the platform is what. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from daxiang.integrations.wechat import events
from daxiang.integrations.wechat.bodies import Tree, rows_of, text_of, texts_of, tree_of
from daxiang.integrations.wechat.fields import (
    Common,
    flag_of,
    integer,
    integer_of,
    moment_of,
    number_of,
    place_of,
)
from daxiang.integrations.wechat.identity import sending_id, subscription_rows
from daxiang.integrations.wechat.values import Message

_ERROR = re.compile(r"err\(([0-9]{1,9})\)").fullmatch
_TEMPLATE_OUTCOMES = {
    "success": events.TemplateOutcome.RECEIVED,
    "failed:userblock": events.TemplateOutcome.BLOCKED,
    "failed:systemfailed": events.TemplateOutcome.FAILED,
}
"""The platform's words without their spaces: it writes `failed: system failed` and `failed:user block`."""


def _follow(tree: Tree, common: Common) -> Message:
    scene = text_of(tree, "EventKey").removeprefix("qrscene_")
    return events.FollowEvent(**common, scene=scene, ticket=text_of(tree, "Ticket"))


def _unfollow(_tree: Tree, common: Common) -> Message:
    return events.UnfollowEvent(**common)


def _scan(tree: Tree, common: Common) -> Message:
    return events.ScanEvent(**common, scene=text_of(tree, "EventKey"), ticket=text_of(tree, "Ticket"))


def _reported_location(tree: Tree, common: Common) -> Message:
    place = place_of(tree, "Latitude", "Longitude")
    return events.ReportedLocationEvent(**common, place=place, precision=number_of(tree, "Precision"))


def _click(tree: Tree, common: Common) -> Message:
    return events.ClickEvent(**common, key=text_of(tree, "EventKey"))


def _view(tree: Tree, common: Common) -> Message:
    return events.ViewEvent(**common, url=text_of(tree, "EventKey"), menu_id=text_of(tree, "MenuId"))


def _mini_program(tree: Tree, common: Common) -> Message:
    return events.MiniProgramEvent(**common, path=text_of(tree, "EventKey"), menu_id=text_of(tree, "MenuId"))


def _scan_code(tree: Tree, common: Common) -> Message:
    code = tree_of(tree, "ScanCodeInfo")
    return events.ScanCodeEvent(
        **common,
        key=text_of(tree, "EventKey"),
        scan_type=text_of(code, "ScanType"),
        result=text_of(code, "ScanResult"),
    )


def _pictures(tree: Tree, common: Common) -> Message:
    items = rows_of(tree_of(tree, "SendPicsInfo").get("PicList"), "item")
    digests = tuple(text_of(item, "PicMd5Sum") for item in items)
    return events.PicturesEvent(**common, key=text_of(tree, "EventKey"), digests=digests)


def _location_chosen(tree: Tree, common: Common) -> Message:
    chosen = tree_of(tree, "SendLocationInfo")
    return events.LocationChosenEvent(
        **common,
        key=text_of(tree, "EventKey"),
        place=place_of(chosen, "Location_X", "Location_Y"),
        scale=integer_of(chosen, "Scale"),
        label=text_of(chosen, "Label"),
        place_name=text_of(chosen, "Poiname"),
    )


def _template_sent(tree: Tree, common: Common) -> Message:
    status = text_of(tree, "Status")
    return events.TemplateSentEvent(
        **common,
        message_id=sending_id(tree),
        outcome=_TEMPLATE_OUTCOMES.get(status.replace(" ", ""), events.TemplateOutcome.UNKNOWN),
        status=status,
    )


def _mass_sent(tree: Tree, common: Common) -> Message:
    status, check = text_of(tree, "Status"), tree_of(tree, "CopyrightCheckResult")
    error = _ERROR(status)
    return events.MassSentEvent(
        **common,
        message_id=sending_id(tree),
        status=status,
        error=int(error[1]) if error else None,
        total=integer_of(tree, "TotalCount"),
        filtered=integer_of(tree, "FilterCount"),
        sent=integer_of(tree, "SentCount"),
        failed=integer_of(tree, "ErrorCount"),
        check_state=integer_of(check, "CheckState"),
        originality=tuple(map(_originality, rows_of(check.get("ResultList"), "item"))),
        articles=tuple(
            events.ArticleAddress(index=integer_of(row, "ArticleIdx"), url=text_of(row, "ArticleUrl"))
            for row in rows_of(tree_of(tree, "ArticleUrlResult").get("ResultList"), "item")
        ),
    )


def _originality(row: Tree) -> events.ArticleOriginality:
    return events.ArticleOriginality(
        index=integer_of(row, "ArticleIdx"),
        declared=integer_of(row, "UserDeclareState"),
        audit=integer_of(row, "AuditState"),
        original_url=text_of(row, "OriginalArticleUrl"),
        original_type=integer_of(row, "OriginalArticleType"),
        may_reprint=flag_of(row, "CanReprint"),
        must_replace=flag_of(row, "NeedReplaceContent"),
        must_name_source=flag_of(row, "NeedShowReprintSource"),
    )


def _published(tree: Tree, common: Common) -> Message:
    published = tree_of(tree, "PublishEventInfo")
    failed = (integer(text) for text in texts_of(published.get("fail_idx")))
    return events.PublishedEvent(
        **common,
        publish_id=text_of(published, "publish_id"),
        status=integer_of(published, "publish_status"),
        article_id=text_of(published, "article_id"),
        articles=tuple(
            events.ArticleAddress(index=integer_of(row, "idx"), url=text_of(row, "article_url"))
            for row in rows_of(published.get("article_detail"), "item")
            if "article_url" in row
        ),
        failed_indexes=tuple(index for index in failed if index is not None),
    )


def _subscription_chosen(tree: Tree, common: Common) -> Message:
    choices = tuple(
        events.SubscriptionChoice(
            template_id=text_of(row, "TemplateId"),
            is_accepted=text_of(row, "SubscribeStatusString") == "accept",
            scene=integer_of(row, "PopupScene"),
        )
        for row in subscription_rows(tree)
    )
    return events.SubscriptionChosenEvent(**common, choices=choices)


def _subscription_sent(tree: Tree, common: Common) -> Message:
    sendings = tuple(
        events.SubscriptionSending(
            template_id=text_of(row, "TemplateId"),
            message_id=sending_id(row),
            code=integer_of(row, "ErrorCode"),
            status=text_of(row, "ErrorStatus"),
        )
        for row in subscription_rows(tree)
    )
    return events.SubscriptionSentEvent(**common, sendings=sendings)


def _staff_session(tree: Tree, common: Common) -> Message:
    return events.StaffSessionEvent(
        **common,
        account=text_of(tree, "KfAccount") or text_of(tree, "ToKfAccount"),
        from_account=text_of(tree, "FromKfAccount"),
    )


def _consent(tree: Tree, common: Common) -> Message:
    openid = text_of(tree, "OpenID") or common["from_user"]
    return events.ConsentEvent(**common, openid=openid, revoked=text_of(tree, "RevokeInfo"))


def _verification(tree: Tree, common: Common) -> Message:
    return events.VerificationEvent(
        **common,
        expires_at=moment_of(tree, "ExpiredTime"),
        failed_at=moment_of(tree, "FailTime"),
        reason=text_of(tree, "FailReason"),
    )


EVENTS: Mapping[str, Callable[[Tree, Common], Message]] = {
    "subscribe": _follow,
    "unsubscribe": _unfollow,
    "SCAN": _scan,
    "LOCATION": _reported_location,
    "CLICK": _click,
    "VIEW": _view,
    "view_miniprogram": _mini_program,
    "scancode_push": _scan_code,
    "scancode_waitmsg": _scan_code,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _location_chosen,
    "TEMPLATESENDJOBFINISH": _template_sent,
    "MASSSENDJOBFINISH": _mass_sent,
    "PUBLISHJOBFINISH": _published,
    "subscribe_msg_popup_event": _subscription_chosen,
    "subscribe_msg_change_event": _subscription_chosen,
    "subscribe_msg_sent_event": _subscription_sent,
    "kf_create_session": _staff_session,
    "kf_close_session": _staff_session,
    "kf_switch_session": _staff_session,
    "user_info_modified": _consent,
    "user_authorization_revoke": _consent,
    "qualification_verify_success": _verification,
    "qualification_verify_fail": _verification,
    "naming_verify_success": _verification,
    "naming_verify_fail": _verification,
    "annual_renew": _verification,
    "verify_expired": _verification,
}
"""By the event's name, in the case that the platform writes."""
