"""Everything that is written to the log: one constant a verb. `docs/audit.md` explains each; a test holds the two
together.
"""

import re
from dataclasses import dataclass

SHAPE = re.compile(r"[a-z]+\.[a-z_]+")
VERBS: dict[str, "Verb"] = {}


@dataclass(frozen=True, slots=True)
class Verb:
    """What was done, as `app.past_tense`, and a sentence for auditors."""

    name: str
    description: str

    @property
    def sentence(self) -> str:
        """Its first sentence, for pages, in English: `make words` brings it into the catalogues."""
        first = re.match(r"[^.;]+", self.description)
        return first[0] if first else self.name


def declare(name: str, description: str) -> Verb:
    """Make a verb known. Raises ValueError for a name of another shape, or one that is taken."""
    if not SHAPE.fullmatch(name) or name in VERBS:
        raise ValueError(f"{name} is no new verb of the shape app.past_tense.")
    VERBS[name] = verb = Verb(name, description)
    return verb


SIGNED_IN = declare("accounts.signed_in", "Somebody signed in.")
SIGN_IN_REFUSED = declare(
    "accounts.sign_in_refused",
    "A sign-in failed. The target is the account, where there is one; an unknown address is not written down.",
)
SIGNED_OUT = declare("accounts.signed_out", "Somebody signed out.")
SESSIONS_ENDED = declare(
    "accounts.sessions_ended", "Sessions of a person were ended: all, or all but the one kept; facts say how many."
)
SESSION_ENDED = declare("accounts.session_ended", "A person ended one of their sessions; facts hold its digest.")
FACTOR_ADDED = declare("accounts.factor_added", "A second factor was set up; facts say of which kind.")
FACTOR_REMOVED = declare("accounts.factor_removed", "A person removed a second factor; facts say of which kind.")
FACTORS_RESET = declare(
    "accounts.factors_reset", "All second factors of a person who lost them were taken away, and their sessions ended."
)
FACTOR_REFUSED = declare("accounts.factor_refused", "A code or a passkey was wrong; refusals are counted.")
RECOVERY_CODES_MADE = declare("accounts.recovery_codes_made", "Fresh recovery codes; the ones before no longer work.")
RECOVERY_CODE_USED = declare(
    "accounts.recovery_code_used", "A recovery code stood in for a factor; facts: how many are left."
)
SETUP_LINK_MADE = declare(
    "accounts.setup_link_made", "A one-time link for the first administrator was made; earlier ones no longer work."
)
SET_UP = declare("accounts.set_up", "The organisation was set up and got its owner.")
PERSON_ADDED = declare("accounts.person_added", "An account was made; changes say with which role, in which team.")
PERSON_DEACTIVATED = declare("accounts.person_deactivated", "An account was shut.")
PERSON_REACTIVATED = declare("accounts.person_reactivated", "An account was opened again, with the roles it had.")
PERSON_CHANGED = declare("accounts.person_changed", "A person's name or address was corrected; facts name the fields.")
ROLE_CHANGED = declare("accounts.role_changed", "A person got another role in the organisation.")
TEAM_MADE = declare("accounts.team_made", "A team was made.")
TEAM_CHANGED = declare("accounts.team_changed", "A team's name, retention or defaults were changed.")
TEAM_DELETED = declare("accounts.team_deleted", "A team was deleted; facts say how many people were in it.")
TEAM_JOINED = declare("accounts.team_joined", "Somebody was put into a team; changes say with which role.")
TEAM_LEFT = declare("accounts.team_left", "Somebody was taken out of a team.")
TEAM_ROLE_CHANGED = declare("accounts.team_role_changed", "Somebody got another role in a team.")
HANDED_OVER = declare(
    "accounts.handed_over", "The teams that one person alone administered got another administrator: the second target."
)
DENIED = declare(
    "accounts.denied", "A power was taken from a person, a team's people, or a person in a team; facts name it."
)
DENIAL_LIFTED = declare("accounts.denial_lifted", "A power that was taken away is held by roles again.")
ORGANISATION_CHANGED = declare("accounts.organisation_changed", "Settings of the organisation were changed.")
LOOK_CHANGED = declare(
    "accounts.look_changed",
    "The organisation's colour or logo was changed; changes show the colours, facts the fields.",
)
BANNER_CHANGED = declare(
    "accounts.banner_changed",
    "What is announced on every page was changed, or when and to whom; facts name the text where it is another one.",
)
INVITED = declare(
    "accounts.invited", "Somebody was invited; facts say with which roles, or, by a file, how many people."
)
INVITATION_RENEWED = declare("accounts.invitation_renewed", "An invitation got another link; the one before is void.")
INVITATION_REVOKED = declare("accounts.invitation_revoked", "An invitation was taken back.")
INVITATION_MAILED = declare("accounts.invitation_mailed", "An invitation was mailed; refused: the mail did not go out.")
INVITATION_ACCEPTED = declare(
    "accounts.invitation_accepted", "Somebody came in by an invitation; changes show their roles in teams."
)
JOIN_ASKED = declare("accounts.join_asked", "Somebody who is not here yet asked to join.")
JOIN_APPROVED = declare("accounts.join_approved", "Somebody who had asked to join was let in.")
JOIN_DECLINED = declare("accounts.join_declined", "Somebody who had asked to join was not let in.")
PASSWORD_CHANGED = declare(
    "accounts.password_changed",
    "A password was changed: by its person, or, where the actor is unknown, through a mailed link.",
)
PASSWORD_RESET_ASKED = declare(
    "accounts.password_reset_asked",
    "A link to choose a new password was asked for by mail, or printed by a command; refused: the mail did not go out.",
)
ACCESS_REFUSED = declare(
    "accounts.access_refused",
    "Somebody asked for what is not theirs or not there. One entry a person and minute; facts count the refusals.",
)

DEPLOYED = declare("models.deployed", "A model file was deployed; changes show the settings.")
DEPLOYMENT_CHANGED = declare(
    "models.deployment_changed",
    "A deployment's settings, machines, adapters or teams were changed; facts name changed texts.",
)
SWITCHED_ON = declare("models.switched_on", "A deployment was switched on.")
SWITCHED_OFF = declare("models.switched_off", "A deployment was switched off.")
RESTARTED = declare("models.restarted", "Somebody had a deployment loaded anew on every machine.")
RETRIED = declare("models.retried", "Somebody had machines try a model again that they refused or rested from.")
DEPLOYMENT_REMOVED = declare(
    "models.deployment_removed", "A deployment that had answered nobody was taken off the list; facts: its file."
)
LOADED = declare("models.loaded", "A host has a model in memory; facts hold the hash of the file.")
REFUSED = declare("models.refused", "A host could not load a model.")
UNLOADED = declare("models.unloaded", "A host let go of a model; facts say why.")
UNHEALTHY = declare(
    "models.unhealthy",
    "A model stopped working again and again on a host, and rests there; facts say when it is tried next.",
)
RECOVERED = declare("models.recovered", "A model that had been unhealthy on a host answers there again.")
DOWNLOAD_ASKED = declare("models.download_asked", "Somebody had a model file fetched from a hub; facts name it.")
DOWNLOADED = declare("models.downloaded", "A file was fetched from a hub; refused: it failed. Facts: how many bytes.")
ENDPOINT_ADDED = declare("models.endpoint_added", "A server elsewhere was written down; facts: whether it has a key.")
ENDPOINT_CHANGED = declare("models.endpoint_changed", "A server's name or address was changed.")
ENDPOINT_KEY_REPLACED = declare("models.endpoint_key_replaced", "A server got another key, or none.")
ENDPOINT_REMOVED = declare("models.endpoint_removed", "A server was removed, and its key forgotten.")
ENDPOINT_TESTED = declare(
    "models.endpoint_tested", "A server was asked for its models; refused: it did not answer. Facts: how many."
)
OUTSIDE_SET = declare("models.outside_set", "Whether what is asked may leave the premises was set, or its terms.")
ASKED_OUTSIDE = declare(
    "models.asked_outside", "A question of this person left the premises, for an answer of this deployment."
)
FILE_REGISTERED = declare(
    "models.registered", "A model file was read and hashed: from now on it must be this one. Facts hold its hash."
)
FILE_REFUSED = declare("models.file_refused", "A file that was found is no model to be hosted; facts say why.")
FILE_CHANGED = declare(
    "models.file_changed", "A registered file is another one than it was: it is loaded no more. Facts hold both hashes."
)
FILE_ACCEPTED = declare("models.file_accepted", "Somebody had a changed file registered anew, as it is now.")
FILE_GONE = declare("models.file_gone", "A registered file is no longer where it was.")
FILE_BACK = declare("models.file_came_back", "A registered file is there again, unchanged.")
FILE_FORGOTTEN = declare("models.file_forgotten", "A file that is gone was taken off the list.")
CARD_CHANGED = declare("models.card_changed", "What a model's card says was changed; facts name the fields.")
DEPRECATED = declare("models.deprecated", "A model was marked as deprecated, with its replacement, or no longer so.")
SCAN_ASKED = declare("models.scan_asked", "Somebody had the folder of models looked through.")
UPLOAD_BEGUN = declare("models.upload_begun", "Somebody began to upload a model file; facts: how many bytes.")
UPLOADED = declare("models.uploaded", "An uploaded model file is whole and lies in the folder.")
UPLOAD_CANCELLED = declare("models.upload_cancelled", "An upload was given up; facts: how many bytes were there.")
TEAM_CHOSE = declare(
    "models.team_chose", "The models that a team may ask were chosen, and its default; no models: every one."
)

PROMPT_MADE = declare(
    "prompts.prompt_made", "A prompt was put on the shelf of a team or of the organisation; facts: the shelf."
)
PROMPT_CHANGED = declare("prompts.prompt_changed", "A shared prompt was changed; facts: the shelf and the version.")
PROMPT_DELETED = declare("prompts.prompt_deleted", "A shared prompt was taken off its shelf.")
PROMPT_RESTORED = declare("prompts.prompt_restored", "A shared prompt that was deleted was put back.")

CONVERSATION_DELETED = declare("chat.conversation_deleted", "The owner deleted a conversation.")
CONVERSATION_RESTORED = declare(
    "chat.conversation_restored", "The owner brought a deleted conversation back within the time of grace."
)
CONVERSATIONS_DELETED = declare(
    "chat.conversations_deleted", "The owner deleted all of their conversations; facts say how many."
)
CONVERSATIONS_RESTORED = declare(
    "chat.conversations_restored",
    "The owner brought back what they had deleted by one act; facts say how many conversations.",
)
PROJECT_SHARED = declare("chat.project_shared", "A project was shared with its team, or is no longer; facts say which.")
PROJECT_CHANGED = declare("chat.project_changed", "The name or the instructions of a shared project were changed.")
PROJECT_DELETED = declare("chat.project_deleted", "A project was deleted; its chats stay. Facts: was it shared.")

SHARED = declare(
    "sharing.shared",
    "Somebody let people and teams read a chat as it is now; facts say how many messages, and for how many days.",
)
SHARE_REVOKED = declare("sharing.revoked", "A share was taken back: from everybody, or from the reader who is named.")
SHARE_END_CHANGED = declare(
    "sharing.end_changed", "A share got another end; facts: days from then on, none for as long as the chat is kept."
)
SHARE_COPIED = declare("sharing.copied", "A reader of a share made a chat of their own of it.")

MOVED_OUT = declare("moving.exported", "The owner took a chat along as a file; facts say in which form.")
MOVED_IN = declare(
    "moving.imported", "Chats of a file were imported by its owner; facts: how many, and how many were here or refused."
)

RULES_CHANGED = declare(
    "retention.rules_changed",
    "Rules of a team, or of the organisation, hold from now on; facts name the change and how many chats go by it.",
)
RULES_CHANGE_ASKED = declare(
    "retention.change_asked", "Rules are to become shorter; facts: after how many hours, and how many chats go by it."
)
RULES_CHANGE_CANCELLED = declare("retention.change_cancelled", "A change of rules that waited was taken back.")
HOLD_PLACED = declare("retention.hold_placed", "A legal hold was put on a person, a team or a conversation.")
HOLD_RELEASED = declare("retention.hold_released", "A legal hold was released: the next sweep purges what is due.")
HELD_SEARCHED = declare("retention.held_searched", "Somebody looked what a hold keeps; facts say how much was found.")
HELD_EXPORTED = declare("retention.held_exported", "An export of what a legal hold keeps was asked for.")
SWEEP_ASKED = declare("retention.sweep_asked", "Somebody asked for a sweep at once.")
SWEPT = declare("retention.swept", "A sweep ended well; facts hold its counts and the hash of its manifest.")
SWEEP_FAILED = declare(
    "retention.sweep_failed",
    "A sweep failed or was broken off: what is due may still be there. Facts hold what it deleted all the same.",
)
DELETIONS_REPLAYED = declare(
    "retention.deletions_replayed", "After a restore, what had been deleted was deleted again; facts say how much."
)
SWEEPS_RESUMED = declare("retention.resumed", "Sweeps, which had paused after a restore, go on.")
KEEP_ASKED = declare("retention.keep_asked", "Somebody asked their team to keep a chat longer.")
KEEP_DECIDED = declare("retention.keep_decided", "A team's administrator answered; facts say how, and for how long.")
EXPORT_ASKED = declare("retention.export_asked", "Somebody asked for their own data.")
EXPORT_MADE = declare("retention.export_made", "An export is ready; facts hold its hash. Refused: it failed.")
EXPORT_FETCHED = declare("retention.export_fetched", "An export was downloaded.")
EXPORT_DELETED = declare("retention.export_deleted", "An export was deleted before its time.")
ERASURE_ASKED = declare(
    "retention.erasure_asked",
    "Somebody asked that their chats be erased, or the office that a leaver's be; facts: whether the account goes too.",
)
RULES_EXPORTED = declare("retention.rules_exported", "The rules in force were exported as a record of processing.")

GLASS_ASKED = declare("breakglass.asked", "Somebody asked to see one person's content; facts say for how many hours.")
GLASS_APPROVED = declare(
    "breakglass.approved",
    "A second person let them look; facts say for how long and when the person concerned is told.",
)
GLASS_REFUSED = declare("breakglass.refused", "A second person refused it.")
GLASS_ENDED = declare("breakglass.ended", "A request ended; facts say how, and how many chats were opened.")
GLASS_VIEWED = declare(
    "breakglass.viewed", "Under an open request somebody looked at the list of chats, or at one chat."
)
GLASS_TOLD = declare("breakglass.told", "The person concerned was told: at once, or at the end.")
GLASS_NOTICE_DISMISSED = declare(
    "breakglass.notice_dismissed", "The person concerned has seen and dismissed the notice."
)

EGRESS_TESTED = declare(
    "egress.tested", "Whether anything outside can be reached was tried, from every process; facts: at how many places."
)

BACKED_UP = declare(
    "backup.made", "A backup was made; facts hold the hash of its manifest, its counts and where the log was."
)
RESTORED = declare(
    "backup.restored",
    "A backup took the place of the database; facts hold its manifest's hash, where the log was, and what was lost.",
)

TURNED_RED = declare("health.turned_red", "A check of health turned red; the target names it.")
TURNED_GREEN = declare("health.turned_green", "A check of health that had been red is well again.")

READ = declare("audit.read", "Somebody read the log; facts name the filters.")
EXPORTED = declare("audit.exported", "Entries were exported; facts say which.")
PRUNED = declare("audit.pruned", "Entries older than the retention were cut; facts hold the new beginning.")
ANCHOR_FAILED = declare("audit.anchor_failed", "An anchor could not be made or delivered; facts say where and why.")
VERIFICATION_ASKED = declare("audit.verification_asked", "Somebody had the log verified; the result is another entry.")
VERIFIED = declare("audit.verified", "The log was verified; facts hold what was found.")
