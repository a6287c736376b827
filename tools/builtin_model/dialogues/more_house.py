"""A second look at the topics about the model, Hearth and its rules: other words for the same questions."""

from tools.builtin_model.dialogues.grammar import lines

MORE: dict[str, tuple[str, ...]] = {
    "identity.who": lines("""
with whom [do I have to do|am I dealing|do I have the honour|am I having this conversation] [here|]
[is it|am I talking to] [the demo|the small one|the built-in one|a large model|the big model]
which [one|sort of assistant|program|chatbot] is [replying|responding|answering me|on the line]
[present|reveal] yourself
what [shall I think of you as|kind of thing are you|sort of creature are you|is it that answers me]
tell me which [assistant|model|AI|bot] you are
are you the [assistant|thing] that comes with Hearth
who is [responding|replying] to [me|my messages]
"""),
    "identity.maker": lines("""
[which people|what team] [put you together|made you|is responsible for you|coded you]
[which firm|who on earth|what programmer] [put you together|made you|is responsible for you|coded you]
how did [your knowledge|the knowledge|words] get into you
were [real people's chats|books|private messages|web pages|user conversations] used to [build|train|make] you
[what|which] [material|corpus|source] [were you fed|went into you|formed you|is inside you]
how did you come [into being|to exist|into the world]
how were you [brought up|raised|put together|produced|generated]
what's your [background|history|story]
are you [home-made|made in-house|your own creation|a product of <maker>]
who gets the credit for you
"""),
    "identity.limits": lines("""
what is too [difficult|hard|much|complicated] for you
what [goes beyond|exceeds] your [abilities|powers]
where do you [fail|reach your limit|struggle|get stuck]
should I take your word for [it|things|that]
[your last answer|that answer|this reply|your answer] was [useless|no help|off topic], are you always [so bad|like this]
why are your answers so [short|simple|poor|basic|odd]
do you [fail|get confused|misunderstand|mix things up] [often|sometimes|]
[could|can] I [depend|count|bet] on you
you're [not helpful|no help|clueless|not the brightest|pretty useless|quite limited]
how [far|much] can I [trust|depend on] you
is your knowledge [limited|small|large|deep]
"""),
    "identity.human": lines("""
do you have [a heartbeat|blood|a pulse|a mother|a face|a voice of your own|legs|a personality|a conscience]
are you [flesh and blood|breathing|a living thing|a living creature|artificial|organic|one of us|mortal]
is a [real employee|member of staff|support agent] [answering|replying to me|typing|behind it]
is a [colleague|man|woman|real someone] [answering|replying to me|typing|behind it]
do I [chat|speak|talk|write] with [a machine|a human being|an employee|a real someone]
[human|person|bot] or [machine|AI|human|program]
what [emotions|feelings] do you have
does it [hurt|bother you|make you sad] when I [insult you|turn you off|leave]
are you [afraid|scared] of [being switched off|death|the dark]
can you [fall in love|be offended|get bored|have a bad day|taste food]
"""),
    "identity.not_other": lines("""
[so basically|in the end] [you're|you are|it's|this is] [just|only|nothing but|] <other> with another name
[so basically|in the end] [you're|you are|it's|this is] [just|only|nothing but|] <other> [in disguise|]
under the hood [you're|you are|it's|this is] [just|only|nothing but|] <other> [with another name|in disguise|]
[at heart|deep down] [you're|you are|it's|this is] [just|only|nothing but|] <other> [with another name|in disguise|]
is <other> [running|hiding|working] [underneath|inside|behind this|under the hood|here]
do you come from [<maker>|the GPT family|the Llama family|the makers of <other>]
[whose|which big] model is [underneath|inside], <other>
does [<maker>|<other>] [power|run|answer] [this|you|these replies]
do my questions [get answered by|reach] <other>
[switch|connect|put] me [over|through] to <other>
you sound like <other>
are you related to <other>
did <maker> rename <other>
"""),
    "identity.skills": lines("""
what [sort of stuff|kind of work|kinds of jobs] are you [useful|good|made] for
give me a tour of your [abilities|features|skills]
any [cool|fun|interesting|nice] things I [could|can] try with you
what [might|would] you be able to do for me
what can a [small|demo] model like you do
[list|name] your [talents|functions|powers]
what could I [have you do|give you to do|task you with]
what are my options with you
in what [ways|areas] can you [assist|support] me
what do you offer
[which|what] [exercises|jobs] do you master
"""),
    "identity.internet": lines("""
can you [check|read|fetch|get] [the headlines|a web page|Wikipedia|Twitter|the newspaper|my email|live scores]
do you know [who won the game last night|what happened this morning]
do you know [today's weather|the current president's latest speech]
[what's|what is|tell me|give me] the [current|exact|present] [date|time|day|year|temperature|weather|score]
is it [Monday|Tuesday|Friday|Sunday|Christmas|a holiday|night|warm outside] today
[what|which] [weekday|date] do we have [today|now|]
are you able to [go on the web|use a search engine|reach the outside world|visit web pages|surf]
[fetch|open|read|load] [this website|https://example.com|this link|the page] [for me|]
is your information [live|fresh|recent|from today|outdated]
do you follow the news
will it [snow|rain|be sunny|be cold] [tomorrow|today|this weekend]
how warm is it [outside|today|right now]
what's trending [today|right now]
"""),
    "hearth.what": lines("""
[I've never seen this website before|This is my first visit], what [does it do|is this|is it for]
[Somebody sent me here|My boss gave me this link], what [does it do|is this|is it for]
[could|can] you [sum up|summarise|outline] what Hearth [does|is]
what [sort|kind] of product am I using [right now|here|]
what is the [main|basic] idea [of this place|of Hearth|here]
what [problem|need] does Hearth solve
what do [people|companies|organisations] use Hearth for
[give me|I need] the elevator pitch
what [would|could] our [company|team|school] do with Hearth
who would [want|use] [Hearth|such a thing]
in [one|two] [sentence|sentences|words], what is Hearth
what am I [using|dealing with] [here|]
what's this whole thing about
"""),
    "hearth.name": lines("""
is there a [reason|story|meaning] [it carries the name|behind the name|for the name|for calling it] Hearth
what's a hearth [in English|exactly|anyway]
[why|for what reason] [do you have|is there|do I see] a [fire|flame] [as a symbol|as a logo|everywhere|in the corner]
I don't know the word hearth
[who|what] inspired the name
how come [it's|it is] named Hearth
does hearth have a [deeper|special|hidden] meaning
[in which language|what language] is the word hearth
"""),
    "hearth.where_data": lines("""
does what I [type|write|enter|say] get [transmitted|sent] to [some cloud|an American cloud]
does what I [type|write|enter|say] get [uploaded|transferred|passed] to [some cloud|an American cloud]
does what I [type|write|enter|say] get [transmitted|sent] to [another firm|the vendor|outside servers]
does what I [type|write|enter|say] get [uploaded|transferred|passed] to [another firm|the vendor|outside servers]
on whose [computers|servers|disks|machines] [does my text land|are my chats|is this running|does this run]
is it [okay|ok|fine|allowed|safe|wise] to [put in|enter|paste|share|type] [patient records|client names|salaries]
is it [okay|ok|fine|allowed|safe|wise] to [put in|enter|paste|share|type] [trade secrets|source code]
is it [okay|ok|fine|allowed|safe|wise] to [put in|enter|paste|share|type] [contracts|private stuff]
does [this|it] [comply with|respect|meet] [the GDPR|data protection law|privacy rules]
[physically|in fact|technically], where [is|are] [everything|the data|my conversations]
can [hackers|the vendor|foreign governments] [get|see|read] [my data|our chats|this]
can [outsiders|the NSA|Big Tech|competitors] [get|see|read] [my data|our chats|this]
who [else outside|beyond our walls] gets [a copy|to see this]
are [external|outside|foreign] [companies|providers|services] involved
do you [transmit|upload|hand over|give away|export] [anything|my data|our texts] [to anybody|outside|]
is [anything|something] [uploaded|leaked|transmitted|handed over] [to the outside|somewhere|]
[will|does] my [input|text|information] [stay|remain] [inside|in-house|here|local|within the company]
data sovereignty
is this [hosted|run|operated] [locally|in-house|by a provider|on premise]
"""),
    "privacy.admins": lines("""
is my <adm> [able|allowed|going] to look over my shoulder [here|]
who at [work|the office|our company] [might|could|can] [see|read|open] these conversations
could [IT|the admins|my boss] [peek|look|get|snoop|dig] into my [discussions|chats|conversations|messages]
could [HR|management|the CEO] [peek|look|get|snoop|dig] into my [discussions|chats|conversations|messages]
does [management|HR] get [reports|to see|copies] of [my chats|what I write|our conversations]
does my line manager get [reports|to see|copies] of [my chats|what I write|our conversations]
does [the head office|the works council] get [reports|to see|copies] of [my chats|what I write|our conversations]
[nosy|curious] [admins|bosses|colleagues] [reading my chats|looking at my messages]
can [he|she|they] [the boss|] read [along|what I ask]
is there [a backdoor|a master key] for [admins|the boss|IT] to [read|see] [chats|my messages|conversations]
is there [a way in|any way] for [admins|the boss|IT] to [read|see] [chats|my messages|conversations]
under what circumstances [can|may] [anybody|somebody|an admin] [open|read|see] my [chat|messages|conversations]
do I [find out|get notified|learn|hear] [when|if] [someone|somebody|an admin] [looked|opened|has read] my chat
do I [find out|get notified] [when|if] [someone|somebody|an admin] [looked|opened|has read] my conversations
do I [learn|hear] [when|if] [someone|somebody|an admin] [looked|opened|has read] my conversations
do I [find out|get notified] [when|if] [someone|somebody|an admin] [looked|opened|has read] into my messages
do I [learn|hear] [when|if] [someone|somebody|an admin] [looked|opened|has read] into my messages
[am I|are we|are employees] under surveillance
can I [speak freely|write freely|be honest|complain] here [or is someone watching|without my boss knowing|]
[confidential|private] from my [manager|boss|employer]
is my [history|chat history] [visible|open|accessible] to [the boss|admins|management|others|IT]
would my [boss|manager|colleague] [ever|] [notice|find out|learn] what I [ask|asked|wrote]
"""),
    "privacy.training": lines("""
will my [words|sentences|texts|data|messages] be [used to teach|fed into|given to|part of] [an AI|a model]
will my [words|sentences|texts|data|messages] be [used to teach|fed into|given to|part of] the next version
will my [words|sentences|texts|data|messages] be [used to teach|fed into] [your training|machine learning]
will my [words|sentences|texts|data|messages] be [given to|part of] [your training|machine learning]
do you get [smarter|better|cleverer] from [what people write|our questions|chatting|conversations|users]
I'd rather not have my [data|words|texts|chats] [feed|train|teach|improve] [your next version|an AI|anyone's model|you]
is [this|our] conversation [teaching|improving|training] [you|anything|a model]
can you [pick up|absorb|store|memorise] [new knowledge|facts|what I say|what I teach you]
do you [develop|evolve|adapt|grow] [through|with|by] [use|my chats|talking]
[are|do] users' [chats|inputs] [become|used as|end up as] [training material|training data|learning material]
if I correct you, will you [remember|know better next time|learn it]
machine learning on [my|our] [data|chats|messages]
do you [retain|keep] [knowledge|anything] [between|across] chats
"""),
    "privacy.logs": lines("""
do my [sentences|words|messages|questions] [show up|turn up] in [some|a|any|the] [server log|log file]
do my [sentences|words|messages|questions] [show up|turn up] in [some|a|any|the] [log|logs|system log]
do my [sentences|words|messages|questions] [get printed|get written|appear] in [some|a|any|the] [server log|log file]
do my [sentences|words|messages|questions] [get printed|get written|appear] in [some|a|any|the] [log|logs|system log]
is the [content|text|wording] of [our|my] [conversation|chat|messages] logged [anywhere|somewhere|]
what [ends up|lands|appears|is found] in the [log files|logs] [of the server|]
how much of [my|our] [text|chat] [is|gets] [logged|written to log files]
[debug|error|access] logs [with|containing] my [messages|text]
[is|are] [sensitive|private|personal] [text|content|messages] [kept out of|found in|missing from] the logs
could [somebody|a technician|an operator] [reconstruct|read] my chat from the logs
do the logs [reveal|show|betray|leak] [what I wrote|my questions|content]
"""),
    "retention.what": lines("""
how many [months|years|weeks|days] until old <chats> [get wiped|are wiped|vanish|are removed|get cleaned up]
do you keep [everything|all|all of it] [we say|I write|forever|for eternity]
is there an [expiry|expiration] for [our team's chats|my chats|old chats|conversations]
is there an [expiry rule|automatic clean-up|end] for [our team's chats|my chats|old chats|conversations]
[my|our] [conversation|chat|thread] from [last year|two years ago|2021|spring] has vanished, why
[my|our] [conversation|chat|thread] from [last year|two years ago] [is not there any more|disappeared], why
[my|our] [conversation|chat|thread] from [2021|spring] [is not there any more|disappeared], why
what's the [policy|rule|practice] on [old|stored|ancient] <chats>
are <chats> [purged|pruned|cleaned out|thrown out] [regularly|every month|after a year|at some point]
how [is|does] [the|] storage of <chats> [regulated|organised|handled|work]
[does|will] [my|our] history [stay|remain|last] [forever|for ever|long]
storage [duration|period|rules] [of|for] <chats>
by what rule are chats deleted [automatically|]
"""),
    "retention.when": lines("""
from [which|what] [point|moment|event] on is [the retention|the time|the period|it] counted
how can I tell when [this|my|a] <chat> is going to [vanish|disappear|expire|be wiped|go]
if I [post|write|answer|ask] again, does the [countdown|clock|timer|time] [restart|start over|reset]
if I [post|write|answer|ask] something, does the [countdown|clock|timer|time] [restart|start over|reset]
if I [post|write|answer|ask] another question, does the [countdown|clock|timer|time] [restart|start over|reset]
[what|which] [is|event] the [starting point|beginning] of the [period|countdown|timer]
how [much|long] has [this|my] <chat> [still got|left to live|to live]
is there a [date|deadline|due date|countdown|timer] [on|for] [this|my|each] <chat>
[remaining|left] [days|time|lifetime] of [this|my] chat
when's the [last day|end|end date] of [this|my] <chat>
which [date|event] matters for the [period|deletion|retention]
the date when [this|my] chat [goes|is removed]
"""),
    "retention.change": lines("""
[our group|our team|we] [wants|want] [90|60|365|14] days instead of [30|7|90], who [sets that|can do that|do I ask]
[our group|our team|we] [would like|needs|need] [90|60|365|14] days instead of [30|7|90], who sets that
[our group|our team|we] [would like|needs|need] [90|60|365|14] days instead of [30|7|90], who [can do that|do I ask]
what if [somebody|a team admin] [shortens|cuts|reduces] the storage time, is everything gone [immediately|at once]
what if somebody [shortens|cuts|reduces] the [retention|period], is everything gone [immediately|at once]
what if a team admin [shortens|cuts|reduces] the [retention|period], is everything gone [immediately|at once]
what if [someone|the boss] [shortens|cuts|reduces] the storage time, is everything gone [immediately|at once]
what if [someone|the boss] [shortens|cuts|reduces] the [retention|period], is everything gone [immediately|at once]
may an [ordinary|normal] [member|user] [adjust|change|touch] the [keeping period|retention|rule]
who has the [power|right|say|permission] to [adjust|alter|extend|shorten] the retention
who has the [power|right|say|permission] to [adjust|alter|extend|shorten] [how long things stay|the storage time]
[extend|raise|lower|halve|double|tighten|relax] the [retention|storage time|keeping period|limit]
can the [number of days|period] be [raised|lowered|increased|made longer]
is there a [safety net|waiting time|grace|warning] [before|when] a [shorter|new] [period|rule] [applies|becomes active]
how do [I|we] [adjust|edit|configure] the retention
what [effect|consequences] [has|have] [shortening|changing] the [period|policy]
who [adjusts|controls|configures] the [retention|period|policy]
"""),
    "retention.hold": lines("""
[the lawyers|our lawyers] [say|says|demand|demands|insists] nothing must be destroyed [because of a trial|]
legal [say|says|demand|demands|insists] nothing must be destroyed [because of a trial|]
[the legal department|the judge] [say|says|demand|demands|insists] nothing must be destroyed [because of a trial|]
[the lawyers|our lawyers] [say|says|demand|demands|insists] everything must be kept [because of a trial|]
[the lawyers|our lawyers] [say|says|demand|demands|insists] chats be preserved [because of a trial|]
[legal|the legal department|the judge] [say|says|demand|demands|insists] everything must be kept [because of a trial|]
[legal|the legal department|the judge] [say|says|demand|demands|insists] chats be preserved [because of a trial|]
what does it mean that my [conversation|chat|account] is [frozen|locked|blocked|preserved] for legal reasons
does a [litigation|legal] hold [override|beat|suspend|overrule] the [deletion rules|retention|policies|users]
[because of|due to|during] [a|the|an] [lawsuit|investigation|trial|subpoena|police inquiry] may chats be deleted
[because of|due to|during] [a|the|an] [lawsuit|investigation] [are chats kept|we must keep chats]
[because of|due to|during] [a|the|an] [trial|subpoena|police inquiry] [are chats kept|we must keep chats]
[evidence|proof] [must|has to|should] be [secured|preserved|kept|protected from deletion]
can [legal|compliance|our lawyers] [stop|block|suspend] [the deletion|automatic deletion|deletion of chats]
we [got sued|are being sued|received a subpoena|face a court case], what [happens|happens to chats|now with our chats]
a chat [cannot|could not|can't] be [deleted|removed] because of a hold
who may [freeze|release|unfreeze] [chats|content|a conversation] [for legal reasons|]
"""),
    "temporary": lines("""
can I have a <chat> that [isn't saved|isn't kept|won't be stored|goes away soon|is off the record|doesn't stay]
is there [something like|anything like|a kind of] [private browsing|incognito] [here|]
is there [something like|anything like|a kind of] [a burn-after-reading mode|Snapchat] [here|]
what's the [lifetime|life span|duration] of [temporary conversations|a temporary chat]
[off the record|without history|no history|no saving], [possible|please|how]
I need a <chat> for [one hour|today only|a moment|a quick secret question]
[short-lived|ephemeral|one-time|volatile] <chats>
does anything [remain|stay] of a temporary <chat>
a chat that [self-destructs|evaporates|expires within hours]
"""),
    "delete.one": lines("""
how can I make [this|a|that] <chat> [disappear|vanish|go away]
I [accidentally|mistakenly|wrongly] [removed|deleted|erased] a <chat>, can it be [recovered|restored|brought back|saved]
[scrap|kill|ditch|dump|purge|eliminate] [this|a|my|that] [chat|thread|conversation]
I [no longer|don't] [need|want] [this|that|the old] <chat> [any more|]
where's the [bin|trash|delete option|rubbish bin]
[take|get] [this|that|a] <chat> [off|out of] [my|the] list
how [do|can] I [tidy up|clean out|thin out] my [sidebar|list|old chats]
can I [wipe|purge|empty] [everything|my whole history|all my chats]
does deleting a chat [work|take effect] [immediately|at once]
[deleted|removed] by [mistake|accident], how do I undo [it|that]
is a chat gone [straight away|right after I delete it]
"""),
    "delete.proof": lines("""
can you show me [evidence|proof|a record] that my [stuff|data|chat] was [erased|deleted|wiped]
do [deleted|erased|removed] <chats> [survive|live on|hide|linger] in [the search index|a backup|some cache]
do [deleted|erased|removed] <chats> [survive|live on|hide|linger] in [embeddings|the database|a file]
is [everything|all] wiped when a <chat> is [purged|deleted], including [uploaded documents|attachments]
is [everything|all] wiped when a <chat> is [purged|deleted], including [exports|the index]
[how thorough|how complete|how deep] is [the deletion|a purge|deletion]
are [uploaded files|attachments] [erased|wiped|removed] [as well|together with the chat|when a chat goes]
are [search entries|shared copies] [erased|wiped|removed] [as well|together with the chat|when a chat goes]
[our auditor|the regulator] [asks|wants] for [proof|a confirmation] of [deletion|erasure]
[a client|the data protection officer] [asks|wants] for [proof|a confirmation] of [deletion|erasure]
can [anything|something|a deleted chat] be [recovered|restored] by experts after [a purge|the purge]
can [anything|something|a deleted chat] be [recovered|restored] [from disk|from the index] after [a purge|the purge]
what [document|record|paper] [shows|proves|confirms] a deletion
do you [certify|confirm|document|record] [deletions|that data was deleted]
[traces|remnants|residues|ghosts] of deleted [chats|data]
GDPR [erasure|deletion] [proof|certificate|request]
"""),
    "audit.what": lines("""
is there a record of what [administrators|admins|the IT people] [do|did|change]
can an [admin|administrator] [cover up|hide|conceal|erase] something [he|she|they] [changed|did]
what gets [recorded|noted|stored|registered] in the audit [trail|log]
who [keeps an eye on|supervises|polices] the [admins|administrators]
[are|is] [the actions of admins|admin activity] [tracked|traceable|documented|noted]
[are|is] [configuration changes|role changes|policy changes] [tracked|traceable|documented|noted]
can [I|we] [reconstruct|retrace|find out later] who [did what|changed the policy|gave someone a role]
how is [the log|the record] [protected|secured] [against|from] [manipulation|tampering|changes]
[tamper-evident|immutable|append-only] [log|record]
an admin [changed something|did something wrong|gave himself rights], would [we|anyone] [see|know] [it|]
what's the [purpose|point] of [auditing|an audit log]
"""),
    "audit.verify": lines("""
how would an auditor [notice|find out|see|detect] that the log was [manipulated|changed|falsified|cut]
is there a [tool|utility|script|checker] for [checking|verifying|validating] the [audit trail|log|chain]
if I [look into|open|read] the [audit log|log|audit trail], does [anyone|somebody] [notice|see it|know]
[independent|external] [verification|check|proof] of the [audit log|log]
how do we [make sure|ensure|confirm] the log [is intact|is complete|was not altered|has no gaps]
can an [outsider|external auditor|independent person] [check|verify] the [log|audit log]
how can [compliance|the auditors|a regulator] [trust|check|verify] the log
has [somebody|anybody] [tampered|messed] with the log
[run|do|perform] an integrity check [of|on] the [log|audit log]
are log readers [recorded|logged] [too|as well]
"""),
}
"""More complete questions by topic."""
