"""How people ask about deletion and the audit log."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "delete.one": wordings(
        things="""
<deleting> [a|this|one|an old|my] <chat>
the deletion of [a|one|my] <chat>
the delete [button|option|menu item|function]
the grace period
getting a deleted <chat> back
""",
        acts="""
<del> [a|this|my|one|an old|the last|that|an embarrassing] <chat>
<del> [a|this|my|one|an old|the last|that] <chat> [for ever|for good|permanently|completely|again]
<del> [chats|my chats|old chats|some conversations|all my chats|everything I wrote]
<del> [this|that|it|what I wrote|what I just asked]
get [a|my] <deleted> <chat> back
undo [a delete|the deletion of a chat]
restore [a|my] <deleted> <chat>
clean up my [list|old chats|sidebar|history]
clear my [history|chat history|list]
make [a|this] <chat> [disappear|go away|vanish]
""",
        says="""
[I|a user|we] can <del> [a|my|our own] [chat|chats|conversations]
[I|we] want this <chat> <gone>
this <chat> [must|has to|should] [go|disappear|be deleted|be removed]
a <deleted> chat [comes back|is gone at once|can be restored|can be brought back]
[I|we] <deleted> [a|the wrong|my] <chat> [by mistake|by accident|]
my <chat> is [gone|hidden] [at once|immediately] when I delete it
""",
        asks="""
how do I <del> [a|this|my|one|the|an old] <chat>
how can I <del> [a|this|my|one|the|an old] <chat>
how do I get rid of [a|this|my|old] [chat|conversation|chats]
how do I [clear|clean up|empty] my [history|chat history|list of chats]
where [do|can] I <del> [a|this|my|one] <chat>
where is the [delete|remove|trash|bin] [button|option|icon|function]
which button deletes a chat
can I <del> [a|this|my|old|all my|single] <chats>
can I <del> [a|this|my] <chat> [myself|again|here|for good]
can [a|the] deleted <chat> be [restored|recovered|brought back|undone]
can I get [a|my] <deleted> <chat> back
can I undo [a|the] [delete|deletion]
what [happens|do I do] [when|if] I <del> [a|this|my] <chat>
when is a <deleted> <chat> [really|finally|] [gone|purged|removed|erased]
how long until a <deleted> <chat> is [really|] [gone|purged]
what is the grace period
what does purged after the grace period mean
how long is the grace period
I <want> <del> [a|this|my|one|that|an old] <chat>
I want this <chat> [gone|deleted|removed|away]
I wrote something [stupid|private|wrong|embarrassing] and want to <del> it
I [wrote|asked|typed|told you] something [private|embarrassing|I regret], can I <del> it
I deleted the wrong chat, [help|what now|can I get it back]
I <deleted> a chat [by mistake|by accident|accidentally]
oops, I deleted [a|my|the wrong] chat
please <del> this <chat>
<del> this <chat>
<del> [my|all my|the last] [chat|chats|conversation]
forget [this|this chat|everything I said|what I said]
can you <del> this for me
is [a deleted chat|a chat I delete] [gone at once|hidden immediately|gone for ever]
is there a [trash|recycle bin|bin|delete button|trash can]
too many chats in the list, how do I <del> some
nobody should find this <chat>, how do I <del> it
delete chat
remove conversation
delete
""",
    ),
    "delete.proof": wordings(
        things="""
[a|the] purge receipt
[a|the] deletion receipt
purge receipts
the receipt [of a purge|of a deletion|]
[proof|evidence|confirmation] [of deletion|of a purge|that something was deleted]
the deletion of [all copies|every copy|files|indexes|vectors|exports]
copies of <deleted> <chats>
[leftovers|traces|remains] of <deleted> <chats>
<deleted> <chats> in [backups|the search index|exports|files|vectors]
the certificate of deletion
""",
        acts="""
prove that [a chat|data|something|it] [was|is] [really|] <deleted>
show [the auditor|a customer|the data protection officer|somebody] that [data|a chat] [was|is] <deleted>
get [proof|a receipt|a confirmation|a certificate] [of the deletion|that it is deleted|for a purge]
be sure that [a chat|it|everything|the data] is [really|truly|completely] [gone|deleted]
check that [every copy|nothing|no copy] is [gone|left]
<del> [all|every] [copies|copy|trace|traces] [of a chat|of my data|]
find [copies|traces|leftovers] of a <deleted> <chat>
""",
        says="""
<deleted> [chats|data] [leave|leaves] [traces|copies|something] [behind|in the index|in the backup|]
a <deleted> <chat> is [really|truly|completely|physically] gone
[copies|traces|something] of a <deleted> <chat> [remain|remains|are left|stay|survive] [somewhere|in the index]
[copies|traces|something] of a <deleted> <chat> [remain|remains|are left|stay|survive] [in the files|in exports|]
deletion reaches [all copies|every copy|the files|the search index|the vectors|exports|backups]
there is [proof|a receipt|a confirmation] [of the deletion|for every purge|]
[the attached files|the vectors|the index entries|exports] are <deleted> too
""",
        asks="""
how can [I|we|you|one] prove [that|] [a chat|it] [was|is|has been] [really|] [deleted|purged|gone|erased]
how can [I|we|you|one] prove [that|] [data|something|my chat] [was|is|has been] [really|] [deleted|purged|gone|erased]
how do I know [that|] [a chat|it|my data|a deleted chat] is [really|truly|actually|completely] [gone|deleted|purged]
how can I be sure [that|] [a chat|it|my data|a deleted chat|everything] is [really|truly|actually] [gone|deleted]
is [a deleted chat|it] [really|truly|actually|completely] [gone|deleted|removed|erased] [everywhere|from all places]
is [a deleted chat|it] [really|truly|actually|completely] [gone|deleted|removed|erased] [from the disk|]
is [deleted data|my deleted chat] [really|truly] [gone|deleted|removed|erased] [everywhere|from all places]
is [deleted data|my deleted chat] [actually|completely] [gone|deleted|removed|erased] [everywhere|from all places]
is [deleted data|my deleted chat] [really|truly|actually|completely] [gone|deleted|removed|erased] [from the disk|]
is there [proof|a proof|evidence] [of deletion|of the deletion|that it is deleted|for a purge|]
is there [a receipt|a confirmation|a certificate] [of deletion|of the deletion|that it is deleted|for a purge|]
do I get a [receipt|proof|confirmation] [of the deletion|when something is deleted|after a purge|]
does deletion [reach|include|cover|remove] [files|all copies|the files too|indexes]
does deletion [reach|include|cover|remove] [vectors|exports|attachments|the search index|embeddings]
does a purge [reach|include|cover|remove] [files|all copies|indexes|vectors|exports|attachments]
does [anything|something|a copy] [remain|stay|survive] [after|when] [a purge|a chat is deleted|deletion]
are [files|attachments|copies] [deleted|removed|purged] [too|as well|with the chat|along with it]
are [vectors|exports|embeddings|index entries] [deleted|removed|purged] [too|as well|with the chat|along with it]
are there [copies|traces|leftovers|remains] [of deleted chats|after a purge|left]
what is [a purge receipt|a receipt|a deletion receipt|a purge]
what [proof|evidence] is there [of|for] [a deletion|a purge|deletions]
what does a [purge|deletion] [leave|leave behind|remove|reach]
what about [copies|files|vectors|exports|backups|the search index] of a deleted chat
what remains [of a deleted chat|after a purge|after deletion]
what happens to [files|attachments|exports|copies] [of|when] [a deleted chat|I delete a chat]
where [is|do I find|can I see] the receipt [of a purge|of a deletion|]
who can see the [receipt|receipts|proof of deletion]
after a restore from backup, do deleted chats come back
do deleted chats come back after a restore
can [deleted chats|purged chats] be [recovered from the disk|found in the index|found in backups]
the auditor wants [proof|evidence] that we delete [chats|data]
a customer asks us to prove the deletion
I need [proof|evidence|a confirmation] that [the chat|my data] was deleted
deleted really means deleted?
receipt?
purge receipt
proof of deletion
""",
    ),
    "audit.what": wordings(
        things="""
the audit log
the audit trail
[an|the] audit
auditing
the hash chain
the log of [administrative acts|what admins do|admin actions|administrators]
the record of [changes|admin actions|what administrators did]
the hash-chained log
logging of [admin actions|changes by administrators]
an entry in the audit log
tamper protection of the log
""",
        acts="""
see what [admins|administrators] [did|do|have done|changed]
find out who [changed|did] [something|a setting|a role|the policy]
trace [changes|who changed something|what an admin did]
record what admins do
hide [something|an act] from the audit log
act as an admin without being [logged|recorded|seen]
change an entry [of|in] the audit log
see the history of [settings|policies|administrative changes]
""",
        says="""
[everything|every act|what] [an admin|admins|administrators] [does|do] is [recorded|logged|written down]
admins can act [in secret|secretly|unseen|without a trace]
the audit log [contains|holds|records|shows] [everything|every administrative act|all changes|who did what]
[somebody|an admin] can [change|edit|delete|forge] [the audit log|an entry of the audit log|log entries]
there is a record of [who did what|all changes|every administrative act]
the log is a hash chain
""",
        asks="""
what is [the audit log|an audit log|the audit trail|audited|an audit trail|the hash chain|a hash chain]
what is [in|written in|written to|recorded in|stored in] the audit log
what does the audit log [contain|hold|record|show|do|say]
what [goes|is written] into the audit log
what [acts|actions|events|things] are [audited|recorded|in the audit log]
what do you record about [admins|administrators]
who watches [the admins|the administrators|over the admins]
who controls the [admins|administrators]
who [changed|did] [this setting|the policy|the retention policy|my role|that], can I find out
how do I [see|find out] who changed [a setting|the policy|a role|something]
how can we [see|trace|know] what [an admin|admins|administrators] [did|changed]
is everything [an admin|administrators] [does|do] [recorded|logged|audited]
is it [recorded|logged|audited] [when|what] an admin [changes something|does something|changes a role|does]
is there [an audit log|an audit trail|a record of changes|a history of admin actions|a log of admin actions]
is the log [tamper-proof|protected|hash-chained|safe from changes]
do you have [an audit log|an audit trail|audit logging]
does Hearth [keep|have] [an audit log|an audit trail|a record of admin actions]
does Hearth record [what admins do|administrative acts|changes of settings]
are [admin|administrative] [acts|actions|changes] [logged|recorded|audited|written down]
are changes of [policies|roles|settings|models] [logged|recorded|audited]
can [an admin|admins|administrators|somebody] [change|edit|delete|forge|manipulate] [the audit log|log entries]
can [an admin|admins|administrators|somebody] [change|edit|delete|forge|manipulate] [the log|its entries]
can an admin do something [secretly|in secret|unseen|without a trace]
can the audit log be [changed|edited|forged|deleted|manipulated]
why is there an audit log
why hash chain
what is hash-chained
explain the audit log
audit log?
audit trail?
audit
""",
    ),
    "audit.verify": wordings(
        things="""
[the|] verification of the [audit log|log|hash chain]
verifying the [audit log|log|hash chain]
the [stand-alone|verification|checking|audit] script
the script for auditors
reading the [audit log|log]
access to the audit log
checking the [hash chain|audit log|log]
the integrity of the audit log
an integrity check of the log
""",
        acts="""
verify the [audit log|log|hash chain|audit trail]
check [the audit log|the hash chain|that the log is genuine|whether the log was changed|that nobody changed the log]
prove that [the log|the audit log|no entry] was [not|] [changed|tampered with|forged]
detect [changes in|tampering with|a forged entry in] the [audit log|log]
read the audit log
validate the [audit log|log|hash chain]
trust the [audit log|log]
audit the audit log
run the verification script
""",
        says="""
auditors can [verify|check|read|trust] the [log|audit log|hash chain]
the log can be [verified|checked|validated|proved]
[reading|looking into] the [audit log|log] is [logged|recorded] [too|as well|]
there is a script [to verify|that checks|for checking] the [log|hash chain|audit log]
nobody [notices|sees] who reads the audit log
the audit log is [genuine|unchanged|complete|trustworthy|correct]
""",
        asks="""
how [do|can|does|could] [I|we|an auditor|auditors|one] [verify|check|validate|prove|test] [the audit log|the log]
how [do|can|does|could] [I|we|an auditor|auditors|one] [verify|check|validate|prove|test] the hash chain
how [do|can|does|could] [I|we|an auditor|auditors|one] [verify|check|validate|prove|test] the audit trail
how [do|can|does|could] [I|we|an auditor|auditors|one] [verify|check|validate|prove|test] that the log is genuine
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] the audit log [was|is] [not|] [changed|genuine]
how [can|do] [I|we|an auditor] [be sure|know] [that|whether] [the log|no entry] [was|is] [not|] [changed|genuine]
how [can|do] [I|we|an auditor] [tell|see] [that|whether] [the log|no entry] [was|is] [not|] [changed|genuine]
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] the audit log [was|is] [not|] forged
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] the audit log [was|is] [not|] tampered with
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] the audit log [was|is] [not|] complete
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] [the log|no entry] [was|is] [not|] forged
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] [the log|no entry] [was|is] [not|] tampered with
how [can|do] [I|we|an auditor] [be sure|know|tell|see] [that|whether] [the log|no entry] [was|is] [not|] complete
how is the [audit log|log|hash chain] [verified|checked|validated]
how does [one|an auditor] check the [audit log|log|hash chain]
who [verifies|checks|reads|can verify|can read|can check|may read] the [audit log|log]
who has access to the audit log
who may look [at|into] the audit log
can [auditors|I|we|an auditor|anyone] [verify|check|validate|read] the [audit log|log|hash chain]
can the [audit log|log|hash chain] be [verified|checked|validated]
is reading the [audit log|log] [logged|recorded|seen|noticed] [too|as well|]
is it [logged|recorded|noticed] [when|if|who] [somebody|someone|an auditor|I] [reads|read|looks at] the [audit log|log]
is there a [script|tool|program|way|command] [to verify|to check] the [audit log|log|hash chain]
is there a [script|tool|program|way|command] [for checking|for verifying|that verifies] the [audit log|log|hash chain]
which [script|tool|program] [verifies|checks] the [log|audit log|hash chain]
what [script|tool] do auditors use
with what does an auditor check the log
does somebody see that I read the audit log
does the verification need [Hearth|access to the server|anything]
do auditors need to trust [the log|you|Hearth]
I am an auditor, [how do I check the log|what can I verify|how do I verify the log|what do I use]
I [don't|do not] trust the [audit log|log]
why should I trust the [audit log|log]
what if somebody [tampered with|changed|forged|manipulated] the [log|audit log]
how would you [notice|detect|find] [a changed entry|tampering|a forged entry|manipulation] [of the log|in the log]
verify log
check audit log
verification script?
""",
    ),
}
