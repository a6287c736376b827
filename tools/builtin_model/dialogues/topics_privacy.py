"""How people ask who reads along."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "privacy.admins": wordings(
        things="""
break-glass
break glass
breaking the glass
break-glass access
emergency access
the privacy of <mychats>
surveillance by my [boss|employer|company]
access to my chats by the <adm>
what my <adm> can see
what the <adm> sees
<adm> access to chats
monitoring [of employees|by the boss|at work]
admin access to [conversations|private chats|my messages]
""",
        acts="""
<read> [other people's|my colleagues'] <chats> [as an admin|as an administrator|as the boss|]
<read> [an employee's|someone's|a user's] <chats> [as an admin|as an administrator|as the boss|]
open [another person's|an employee's|somebody else's] <chat>
hide my <chats> from [my|the] <adm>
keep my <adm> from reading [this|my chats]
write without my <adm> seeing it
make sure that [nobody|no admin|my boss does not] reads <mychats>
break the glass
use break-glass
see what my [employees|staff|people] [write|ask|type]
""",
        says="""
[my|the|our] <adm> can <read> <mychats>
[my|the|our] <adm> [reads|sees|watches|monitors|checks|is reading] <mychats>
[my|the] <adm> can <read> [this|that|everything|it|all of this]
<admins> can <read> [my|our|the|all|employees'] <chats>
[somebody|someone|somebody else|anybody] [reads along|is watching me|spies on me|can <read> my chats]
[somebody|nobody] else can <read> <mychats>
I am being [watched|monitored|spied on|observed]
an admin opened my <chat>
my boss [knows|finds out] what I [ask|write] [here|]
I will be told when somebody opens my <chat>
""",
        asks="""
can [my|the|our] <adm> <read> <mychats>
can [my|the|our] <adm> <read> [this|that|everything|it|what I ask you]
can <admins> <read> [my|our|the|all|employees'] <chats>
can [anyone|anybody|someone|somebody|someone else|other people] [else|] <read> <mychats>
does [my|the|our] <adm> [<read>|know|get to see] [<mychats>|what I ask]
do <admins> <read> <mychats>
do they <read> <mychats>
will [my|the] <adm> [<read>|find out|know] [this|<mychats>|what I asked]
could [my|the] <adm> <read> [this|<mychats>]
is [my|the] <adm> [reading|watching|able to read|allowed to read|monitoring] [this|<mychats>|along]
is [someone|somebody|anybody|anyone] [reading along|watching|listening|spying on me|reading this]
is it possible for [my|the] <adm> to <read> <mychats>
are <admins> [allowed|able|permitted] to <read> <mychats>
are <mychats> [private|visible to my <adm>|hidden from my <adm>|seen by the <adm>|monitored]
am I being [watched|monitored|observed|spied on|controlled] [by my <adm>|here|]
who can <read> <mychats>
who [else|] [can|may|is able to|is allowed to|has permission to] <read> [this|my chats|our chats|my conversations]
who has access to <mychats>
who [reads|sees|checks|looks at] <mychats>
what [can|does] [my|the] <adm> [see|know|read]
what can an [admin|administrator] see [of my chats|about me|]
which of my chats can the <adm> see
how private [are my chats|is this] [towards|from|for] my <adm>
I [don't want|am afraid that|worry that|am scared that] my <adm> [to see this|reads this|sees this|to read my chats]
I am afraid my <adm> [reads|sees|finds] [this|my chats|it]
my <adm> must not see this
nobody but me should read this
I want to complain about my <adm>, will [he|she|they] see it
I asked something embarrassing, can my <adm> see it
I am an <adm>, can I <read> [the chats of my people|my team's chats|what my staff write|employees' chats]
as an admin, can I [open|read|see] [users'|other people's] chats
what is break-glass [access|]
what does break-glass mean
how does break-glass work
when can [an admin|somebody] open my chat
under which conditions can a chat be opened
will I be [told|informed] [if|when] [someone|an admin|my boss] [opens|reads|looks at] my [chats|conversation]
will I be [notified|warned] [if|when] [someone|an admin|my boss] [opens|reads|looks at] my [chats|conversation]
do I notice when somebody reads my chat
do I get a message if an admin opens my chats
is there a second person needed to open a chat
does somebody at IT see what I write
does the [police|works council|HR department] see my chats
can HR read my chats
can my colleagues see my chats
can [other users|my colleagues|others|team members|my teammates] <read> <mychats>
do my [colleagues|team mates|coworkers] see what I write
""",
    ),
    "privacy.training": wordings(
        things="""
training on <mychats>
training with [my|our|user] [data|chats]
using my chats for training
learning from <mychats>
the use of my data for training
model training with user data
AI training
fine-tuning on our chats
""",
        acts="""
opt out of training
forbid training on my chats
stop you from learning from me
turn off training
keep my data out of the training
train [you|the model] with my chats
teach you something [new|]
make you remember [something|this]
""",
        says="""
<mychats> [is|are] used [for training|to train you|to train the <model>|to improve the <model>|as training data]
you [learn|are learning] from <mychats>
you [train on|are trained on|are trained with|get better from] <mychats>
the <model> [learns|is trained|improves] [from|on|with] <mychats>
[somebody|Hearth|the company|<maker>] trains [models|AIs|an AI] [on|with] <mychats>
you remember [what I said|our last chat|everything I tell you|me]
my words end up in [a model|the training data|an AI]
""",
        asks="""
do you [train|learn|study|get trained|improve] [on|from|with] <mychats>
do you [learn|get smarter|improve] from [me|this|me writing to you|our conversation|users|what I say]
do you use <mychats> [to train|for training|to learn|to improve|to get better|to train yourself]
do you train [on|with] my [data|chats]
do you [remember|memorize|memorise] [me|what I said yesterday|our last conversation|my name|other chats|what I told you]
does the <model> [learn|train|improve] [from|on|with] <mychats>
does [Hearth|this] train [models|AI|an AI] [on|with] <mychats>
does my [input|data|chat|writing] [train|improve|teach] [the AI|you|the model|any model]
is [my data|what I write|this chat|my input|this conversation] used [for training|to train AI]
is [my data|what I write|this chat|my input|this conversation] used [to train you|to improve the model]
are <mychats> used [for training|to train you|to train the <model>|as training data|to improve the model]
will <mychats> be used [for training|to train you|to train a <model>|to make you better]
will you [learn|train] from [this|this chat|my questions|me]
can you [learn|remember] [something new|from me|from this|things|new things|what I tell you]
can I [train|teach] you [something|things|new things|with my chats]
can I opt out of [training|AI training|the training]
how can I opt out
what do you learn from [me|our chats|this]
which models are trained [on|with] <mychats>
who trains [models|AI|an AI] [on|with] my [chats|data]
I don't want [you to learn from me|my chats used for training|to be training data|my words in a model]
I [forbid|do not allow|refuse] [the use of my chats for training|training on my data]
I don't want my [texts|data|messages] to train [an AI|a model|you]
are you learning right now
are you [learning|still learning] from [this|me|us]
are you being trained [now|right now|with this]
do my questions make you [smarter|better]
is any AI trained [on|with] this
you learn from everything I [say|write|type], don't you
will the next version know what I wrote
does it use our company data for training
""",
    ),
    "privacy.logs": wordings(
        things="""
the [server|system|application|] logs
the log files
the content of the logs
message text in [the logs|the log files|the audit log]
logging of [messages|my text|my questions|passwords]
what is logged
what is written to the logs
chat text in the logs
passwords in the logs
the logged data
""",
        acts="""
find my messages in the logs
read chat text in the [logs|audit log|log files]
see what [people|users] wrote in the logs
log [messages|chats|the content of chats|prompts]
""",
        says="""
[my|our] [messages|texts|questions] are [in|written to|visible in|stored in] the [logs|log files]
[my|our] [messages|texts|questions] are [in|written to|visible in|stored in] the [audit log|server logs]
[my|our] [words|chats|passwords] are [in|written to|visible in|stored in] the [logs|log files|audit log|server logs]
the [logs|log files|audit log|server logs] [contain|contains|hold|show|include] [my messages|message text|chat text]
the [logs|log files|audit log|server logs] [contain|contains|hold|show|include] [what I write|passwords|content]
everything I [write|type|say] is logged
my [messages|chats|prompts|words] are logged
you log [everything|what I write|my messages|my questions]
[somebody|the operator|IT] can read my text in the logs
""",
        asks="""
what is [in|written to|stored in|recorded in] the [logs|log files|server logs]
what do the [logs|log files|server logs] [contain|say|hold|show|record]
what [gets|is|do you] [logged|log]
what gets logged [about me|when I write|]
do the [logs|log files|server logs|audit logs] [contain|hold|show|include|have] [my text|my messages|chat text]
do the [logs|log files|server logs|audit logs] [contain|hold|show|include|have] [message text|what I write|passwords]
does the [log|log file|audit log|server log] [contain|hold|show|include|have] [my text|my messages|chat text]
does the [log|log file|audit log|server log] [contain|hold|show|include|have] [message text|what I write|content]
do you log [my messages|what I write|everything|chats|my questions|my prompts|content|the text]
do you write [my messages|what I type|my text] [to|into] [a log|the logs|log files]
are [my|our] [messages|chats|questions|prompts|passwords|words|texts] [logged|in the logs]
are [my|our] [messages|chats|questions] [written to the logs|in the log files|in the audit log]
are [my|our] [prompts|passwords|words|texts] [written to the logs|in the log files|in the audit log]
is [what I write|my text|my question] [logged|in the logs|written to a log|in the audit log]
is [message content|the content|every message|my password] [logged|in the logs|written to a log|in the audit log]
is there [message text|chat content|anything I wrote|my text] in the [logs|audit log]
can [IT|an operator|someone] [see|read|find] [my messages|chat text] in the [logs|log files|audit log]
can [IT|an operator|someone] [see|read|find] [what I wrote|message text] in the [logs|log files|audit log]
can [the sysadmin|one|an auditor] [see|read|find] [my messages|chat text] in the [logs|log files|audit log]
can [the sysadmin|one|an auditor] [see|read|find] [what I wrote|message text] in the [logs|log files|audit log]
does the audit log [show|contain] what I [asked|wrote|typed]
does an auditor see the text of my messages
which of my data is in the logs
I [hope|think] my [messages|words] are not in the logs
are the logs free of [content|message text|personal text]
logs without content
do passwords [appear|show up|end up] in the logs
does my [text|message|password|question] [end up|appear|show up|land] in [a|the|some] [log|logs|log file]
""",
    ),
}
