"""A second look at the topics about people, models and chats: other words for the same questions."""

from tools.builtin_model.dialogues.grammar import lines

MORE: dict[str, tuple[str, ...]] = {
    "teams.what": lines("""
what do I [get|gain|have] from [being part of|being in|belonging to] a <team>
why are [users|people|we] [grouped|organised|put|sorted] [in|into] <teams>
what [changes|happens] [when|if] I [am in|join|belong to] a <team>
is a <team> [like a folder|like a channel|like a workspace|something like a group]
what [connects|unites|do we share as] the members of a <team>
what are [groups|teams|workspaces] good for
[explain|describe] what a <team> is
"""),
    "teams.admin": lines("""
who is responsible for [adding|removing|inviting] [new people|people|colleagues|members] [to|from] my [group|team]
what [powers|rights|authority|permissions] does the [head|leader|admin|manager] of a team have [in Hearth|]
can a team admin [decide|choose|pick] [which models we use|who joins|our models|the retention]
[put|get|take|bring] [a new hire|my colleague|an intern|Peter|somebody] [into|in|on] [our|my] team
[somebody|a colleague|Anna] left [our|the] team, how do I [remove|take out] [her|him|them]
who [rules|governs|handles|supervises] [a|our|the] team
what does a team [leader|lead|head|manager] [look after|handle|control]
[responsibilities|duties|tasks] of [a|the] team [admin|lead|leader]
my [coworker|colleague] is missing [from|in] [our|my] team
"""),
    "roles": lines("""
what's the difference between [a guest and a member|an owner and an admin|an auditor and an admin|members and guests]
what kinds of [user permissions|user levels|people|accounts] [exist|are there]
who counts as an [auditor|owner|admin]
[what|which] [positions|levels|ranks|user groups|user types] [are there|exist|does Hearth know]
what [am I|is a normal user] [allowed|permitted] to do [as a guest|as a member|]
[is|are] there [a hierarchy|several levels] of users
who has which [rights|permissions|powers]
what does [being an owner|the auditor role|guest status|the member role] [mean|allow|include]
role [overview|list|names]
"""),
    "account.new": lines("""
my new [coworker|colleague] [would like|wants|has] to use [this|Hearth|it], what must [she|he|they] do
my new [assistant|employee|boss] [would like|wants|has] to use [this|Hearth|it], what must [she|he|they] do
can I just [sign up|register|make an account|log in with any mail]
how are [users|accounts|logins|people] [created|added|set up|let in]
[how|where] does one get [in|access|an account|credentials]
[I'd like|I want] [to be let in|to take part|an own login|my own account|to become a user]
a [trainee|temp|freelancer|newcomer|student] needs [to get in|access|an account|a login]
[register|enrol|onboard|create] [a colleague|a new person|a newcomer|somebody|employees]
what [do I|must I|does she] do to [become a user|get started|get in]
do I need somebody to [let me in|invite me|approve me]
who [lets|brings] [new people|me] in
where does my invitation come from
"""),
    "account.password": lines("""
I don't [remember|recall|know] my [login password|password|passcode|login|credentials] [anymore|any more|]
my password [stopped working|is rejected|won't work|is not recognised|has been refused|was changed]
how to [choose|set|pick|make] a [new|different] password
[can't|cannot|unable to] [get in|log in|sign in|enter] [any more|anymore|since today|]
my [brain|memory] [lost|forgot] the password
the [page|site|login page] [refuses|rejects|does not accept] my password
[what's|where's] the [procedure|way|link] [for|if] a [forgotten|lost] password
I typed my password wrong [three times|too often]
[after my holiday|after the weekend] I [can't recall|forgot] my password
[password|login] [trouble|problem|issue|forgotten]
"""),
    "account.signout": lines("""
where's the [logout|sign out|log off|exit]
I am leaving my desk, how do I [log off|sign out|close my session]
how to [end|close|terminate|quit] [my session|the session|my login]
[get|log] me out of here
how do I [disconnect|exit|quit|leave properly]
how do I make sure nobody [uses my account|continues as me] [on this computer|after me]
someone else [will use|uses|wants] this computer [after me|]
[finish|quit|exit] and [leave|log off]
"""),
    "models.add": lines("""
you are not enough for [me|us], how do we get a [stronger|better|larger|more powerful] model
where does [our admin|the admin|one|an administrator] put a [downloaded|] [gguf|GGUF|model|model file]
can we [install|add|load|import|have] [Mistral|Llama|Qwen|Gemma|Phi|another model] here
how do I [feed|give|hand] Hearth [a GGUF|a model file|my own weights]
[this|the demo] model is too [small|weak|dumb|limited], [how do we|can we|I want to] [get|add|install] a better one
[this|the demo] model is too [small|weak|dumb|limited], how do we [get|add|install] something bigger
[this|the demo] model is too [small|weak|dumb|limited], [can we|I want to] [get|add|install] something bigger
[this|the demo] model is too [small|weak|dumb|limited], [how do we|can we|I want to] [get|add|install] a larger one
what must [our administrator|the admin|we] do [for|to get] a [bigger|larger|better] model
[import|load|mount|register] [weights|a GGUF|model weights|a fine-tuned model]
[next to|beside|besides] the demo model, can we have [a larger one|others|more]
where do [new|larger|other] models come from
can I [plug in|hook up] [my own|another] model
"""),
    "models.choose": lines("""
how do I switch [over|] to [the other|a different|the larger|the new] model
which models are [on offer|installed|at my disposal|selectable]
can I ask the same [thing|question] with [a different|another] model
[the admin|IT|they] installed a [second|new|larger] model, where do I [find|select|pick|get] it
I'd [like|prefer] to [work with|use|talk with] [another|the larger|the other|a different] model
where's the [drop-down|dropdown|menu|list] [for|of|with] models
[let|have] [another|the big|a different] model [answer|reply|do this]
is it possible to [swap|exchange|choose] the model
how do I [pick|select] who answers
"""),
    "models.which": lines("""
how can I tell which model [produced|generated|made|wrote] an answer
how [quick|fast|speedy|slow] is this model [in tokens per second|]
where does it say who [wrote|made|generated] the [reply|answer|response]
[what|which] model [is this answer from|is behind this reply|do these words come from|gave that reply]
[by|from] which model [was this written|is this|comes this answer]
[number|count|rate] of tokens per second
can I [look up|check|verify] which model [replied|responded]
what are those [numbers|tokens|figures] under [an answer|the reply|the text]
is there [a label|a note|a hint|a line] [with|telling|showing] the model's name
"""),
    "models.open": lines("""
do we need [graphics cards|GPUs|expensive hardware|a data centre|special chips|NVIDIA]
does it work with [Llama|Mistral|Qwen|Gemma] [and Qwen|and others|models|]
what file format do models [need to have|come in|use|have]
[are|is] [the models|the AI] [open source|closed|proprietary|free to use|in the cloud]
can it [run|work] on [a normal PC|our old server|a laptop|Macs|our own machines|CPU only]
[which|what] [families|brands|sizes] of models [work|fit|can be used]
what [powers|drives|is the engine behind] the answers
can models from Hugging Face be used
[must|does] the machine have a [graphics card|GPU]
"""),
    "models.wrong": lines("""
can I believe [everything|all] [in the replies|that is written|it tells me|I read here]
the model [invented|made up|fabricated|dreamed up] [a law|a quote|a source] [that does not exist|]
the model [invented|made up|fabricated|dreamed up] [a number|a person|a book] [that does not exist|]
how [trustworthy|dependable|exact|truthful|believable] are the [responses|answers|replies|results]
[is|are] [the output|the results|the facts|the numbers] [checked|verified|guaranteed|always right]
I found [an error|a mistake|a wrong fact|nonsense] in the answer
[does|do] [the AI|it|the model] [fabricate|bluff|guess|make stuff up]
the answer [contradicts|does not match] [the facts|what I know|our handbook|reality]
can I [quote|publish|forward|use] this without [checking|verification]
[what about|any] [accuracy|correctness|truth] of [AI answers|the answers]
who [guarantees|checks|vouches for] the answers
"""),
    "ops.install": lines("""
what do I have to [type|do|run] to get Hearth [up and running|going|started|on my machine]
does [setup|set-up|the installation|installing] [require|need] [an internet connection|the internet|root|admin rights]
how can [I|we] self-host [this|Hearth|it]
[how|where] do [I|we] [begin|start] [to install|with the installation|setting it up]
[bring|get] Hearth [onto|to|on] [our own|my|a Linux] [server|machine|hardware]
is [a container|Docker|Kubernetes|a virtual machine] [needed|supported|available]
[can|does] it [work|be installed] in a [closed|isolated|disconnected] network
[installation|set-up|deployment] [guide|instructions|steps|manual]
how does [one|an admin|an operator] [deploy|launch|boot|start] [Hearth|it]
"""),
    "ops.backup": lines("""
what should I [save|copy|keep a copy of|secure] so that nothing is lost if the [disk|server|machine] dies
how do I recover from a [server loss|fire in the server room|broken disk|ransomware attack|total failure]
[where|in what] is the [important|lasting|permanent] data [stored on the server|kept for backup|]
[nightly|daily|regular|automatic] [backups|backup jobs]
how do [operators|we|admins] [protect|secure] the [installation|server|system] against [data loss|disaster]
[restore|recover|rebuild] [the server|Hearth|everything] [from a backup|after a crash of the disk|]
is there [something|anything] [to back up|besides the database to back up]
what if we lose the [server|database|data centre]
"""),
    "ops.cost": lines("""
is this [software|tool|program|service] [free of charge|free|paid|commercial|open source and free]
what's the price for [100|50|20|500] [employees|people|users|seats]
does each [additional|further|new|extra] [user|person|employee|seat] cost extra
[how|what] [does|will] [the|] [licence|license|licensing|subscription] [work|cost|look like]
do we get a [bill|an invoice|monthly invoice]
[what|how much] will we [spend|be charged|be billed]
is there [a trial|a paid version|a premium plan|an enterprise edition|a per-user fee]
[cheaper|more expensive] than [ChatGPT|Copilot|a subscription]
our budget is [small|tight], [what does it cost|can we afford Hearth]
do I [burn|waste|spend] money when I ask [questions|a lot]
"""),
    "chat.stop": lines("""
it keeps [rambling|babbling|talking|going|droning on], how do I [make it stop|stop it|end that]
how to [interrupt|halt|break|end] the [output|generation|flow of words|writing]
is the [partial|half|unfinished] answer kept when I [hit|press] [escape|Stop]
[shut|turn|switch] [it|the answer|the generation] off
[hold on|hold it|quit it|knock it off|that's enough|okay stop]
I [want|need] to [cut it short|interrupt it|break in]
how do I [pull the brake|put an end to it|silence it]
it is writing a whole [book|novel|essay], [I don't need it all|how do I end this]
can I [break in|cut in|interrupt] while [it|the answer] is [running|being written]
"""),
    "chat.regenerate": lines("""
this [reply|answer|response] [isn't good|is poor|disappoints me|misses the point], I'd like [a different one|another]
how can I [have|let|make] the model [try again|have another go|give it another shot|roll again]
give me an [alternative|other] [version|answer|reply|wording]
[what other|any other|are there other] [answers|versions|replies] [are possible|possible|]
[one more|a fresh|a second|another] [go|shot|version|roll|attempt|reply]
can the [same question|question] be answered [again|differently|anew]
[refresh|reload|redo] the [reply|answer|response]
the first [reply|answer] was better, [can I go back|where is it|how do I get it back]
let it [have another go|answer anew|produce something else]
"""),
    "chat.edit": lines("""
I [misspelled|mistyped|misspelt] a [word|name] in my [last|previous] [message|question]
can I go back and [rephrase|reword|change|correct] an [earlier|old|previous] [question|message]
what are those [little|small] [arrows|numbers] [with 2/3|for|below my question]
[take back|recall|revise|amend|tweak] [a|my] [question|message|prompt]
my question was [unclear|wrong|badly put|misleading|incomplete], [can I mend it|can I fix that|how do I change it]
[add|insert|change] a word in [my question|what I asked|my prompt]
how do I [revise|amend|alter|tweak|adjust] [what I wrote|my question|my prompt]
how do I get back [my first wording|the version before|the other version]
can I have [two|several] versions of [a|my] question
"""),
    "chat.continue": lines("""
the [reply|answer|text|response] got [cut off|truncated|chopped|interrupted]
how can I get the [remaining part|remainder|missing part|missing end|last part] of the answer
it stopped mid [sentence|word], make it [go on|continue|finish]
[pick up|resume] where [you|it] [left off|stopped|ended]
[more of that answer|the answer should be longer|it should go on|write the rest]
the [last sentence|end|ending|conclusion] is [missing|cut off|incomplete]
I [interrupted|halted|stopped] it, now I want [it to proceed|it to go on|the remainder]
[extend|lengthen|prolong] the answer
[keep|go] [on|writing|going], you were not done
"""),
    "chat.reload": lines("""
if I [close|shut] my [laptop|browser|computer], is the [reply|answer] lost
does the answer [carry on|keep going|proceed|continue] when I [switch off the browser|walk away]
does the answer [carry on|keep going|proceed|continue] when I [lock my screen|shut the lid|log off]
my [wifi|internet|Wi-Fi|connection|network] [dropped|died|was gone|went down] while it was [writing|answering]
I [hit|pressed] [F5|refresh|reload] [by accident|while it answered|]
can I [continue reading|see the answer|follow the answer] [elsewhere|on another screen|at home|from another computer]
[is|are] my answers [safe|kept] [when|if] I [leave|lose the network|close everything]
[is|are] [half-written answers|running answers] [safe|kept] [when|if] I [leave|lose the network|close everything]
[both|two] windows [show the same|open at once|with the same chat]
the [train|elevator|tunnel|plane] cut my connection
my [tab|window|page] [froze|closed itself|hangs], [is my answer gone|what about the answer|]
do I have to keep the [page|tab|window|browser] open
"""),
    "chat.crash": lines("""
what if the [machine|computer|server|box] [running|behind|with] the model [goes down|explodes]
what if the [machine|computer|server|box] [running|behind|with] the model [dies|loses power|is unplugged]
does a [broken|crashed|dead] [server|worker|machine|GPU] [kill|destroy|ruin|end] my answer
what does a worker [failure|crash|death] mean for my [running reply|answer]
[resilience|robustness|redundancy] [against|in case of] [crashes|failures|outages]
[an outage|a failure|a blackout|a hardware fault] [during|in the middle of] [an answer|my reply]
the [GPU|worker|process|container] [was killed|ran out of memory|is gone|broke] [while answering|]
will [someone|something|another process] [pick up|take over|resume] [my answer|the work] [after a failure|]
are answers [safe|protected] [from|against] [crashes|server failures|power cuts]
one of our [servers|machines|workers] [is down|just died]
"""),
    "chat.queue": lines("""
why does it take [ages|forever|so long|an eternity] [until|before] the answer [begins|starts|comes]
how many [people|questions|users|requests] are [in front|ahead] of me
what if the [entire|whole] [office|company|class|team] asks at the same time
[how long|when] until it's my turn
my [question|message] is [stuck|pending|on hold|in line|not answered yet]
[is|are] there [others|many people] [in line|before me|waiting]
[can|does] the server [handle|serve|cope with] [many|hundreds of|several] [users|people|requests] at once
[can|does] [the model|Hearth] [handle|serve|cope with] [many|hundreds of|several] [users|people|requests] at once
[can|does] the server [handle|serve|cope with] [many|hundreds of|several] [users|people|requests] simultaneously
[can|does] the server [handle|serve|cope with] [many|hundreds of|several] [users|people|requests] in parallel
[can|does] [the model|Hearth] [handle|serve|cope with] many [users|people|requests] simultaneously
[can|does] [the model|Hearth] [handle|serve|cope with] [hundreds of|several] [users|people|requests] simultaneously
[can|does] [the model|Hearth] [handle|serve|cope with] [many|hundreds of|several] [users|people|requests] in parallel
[hurry up|come on|faster please|why the delay|what's taking so long]
[nothing happens|no reaction|no response] [after I send|since a minute|]
the [page|model] [keeps|is still] waiting
how is the [order|turn] [decided|determined] when many ask
"""),
    "chat.new": lines("""
I'd like to [begin|start|open] a [different|separate|new] [topic|subject|discussion|matter]
how do I open an [empty|blank|unused] [conversation|chat|page]
[begin|open|start] [afresh|something new|a clean page|another subject]
can I [leave|put aside] this chat and [begin|start] another
I need a [clean slate|blank page|fresh page]
how do I get [a clean slate|to a new chat|another thread]
[separate|different] chats for [separate|different] [topics|projects]
"""),
    "chat.rename": lines("""
the [title|name|heading] of this <chat> is [silly|ugly|embarrassing|outdated|meaningless]
can I give [a|this|my] <chat> a [different|proper|meaningful|nicer|shorter] [title|name|heading]
how do I [label|entitle|caption|name] [a|my|this] <chat>
[modify|correct|set|fix] the [heading|title|name|caption] [of this chat|in the sidebar|]
[can|may] I [choose|decide] what a chat is called
the chat should be [called|named] [something else|budget|holidays]
"""),
    "chat.search": lines("""
I need to find what I asked in [spring|January|May|2023|the summer]
is there a way to [look through|browse|scan|dig through|go through] [old|past|previous|earlier] <chats>
where's the [search box|magnifying glass|search bar|finder]
[locate|retrieve|dig up|track down|recover] [an old|a past|an earlier|that] [chat|conversation|answer]
which [chat|conversation] [mentions|contains|was about] [budget|the word invoice|Python|my trip]
I know I [asked|discussed|wrote] [it|that|this] [before|once|months ago], [where is it|how do I find it]
find the [chat|conversation|place] where I [talked about|mentioned|asked about] [taxes|the project|Rome]
"""),
    "chat.keys": lines("""
how do I [insert|put in|enter|do] a [line break|new line|paragraph|second paragraph] [without sending|]
which [hotkeys|key bindings|shortcuts|keys] [exist|work|are useful|do I need]
what does [pressing|hitting] [shift and enter|enter|escape|control k] do
[what|which] key do I [press|hit|use] to [send|submit|stop|open a new chat|break a line]
[fast|quick|efficient] use with the keyboard
I hate [the mouse|clicking], [any shortcuts|are there keys]
[cheat sheet|overview|list] of [shortcuts|keys|hotkeys]
my message gets sent when I want a new line
"""),
    "chat.copy": lines("""
how can I [put|get|place] the [reply|answer|text|response] [into|on|in] my clipboard
I need this [text|reply|answer|paragraph|code] in [an email|Word|my notes|a presentation|another app]
[grab|take over|transfer|duplicate|reuse] [the|an|this] [answer|text|reply|code]
[how do I|can I] [move|transfer|get] [the text|an answer|the code] [to|into] [my editor|another program|Outlook]
[quickest|easiest|fastest] way to [copy|take] [an answer|the text]
marking the whole answer [with the mouse|] is tedious
"""),
    "chat.dark": lines("""
the [screen|page|display|background|white] is [blinding me|too glaring|glaring|dazzling|too strong]
can the [background|page|screen|interface] be [black|dark|darker|dimmed]
[dim|darken|brighten|lighten] the [page|screen|interface|display]
[black|dark|white|light] [instead of|rather than|not] [white|bright|black|dark] [please|background|]
which [colour schemes|themes|looks|skins] are there
how do I get rid of the [white|bright|dark|black] [background|look|page]
it's [night|dark here|late] and the [page|screen] [glows|shines|is so white]
[does|is] the [look|appearance|design] [changeable|adjustable|fixed]
"""),
    "chat.phone": lines("""
does it [run|work] on [Android|iOS|my Samsung|an iPad|a Pixel|small screens|my mobile]
can I use this from my [smartphone|iPhone|cell phone|tablet|mobile phone|Galaxy]
[on the bus|on the go|away from my desk|in bed|outside the office], can I [use|open|reach] [it|Hearth]
is [the page|Hearth|the site] [mobile-friendly|responsive|made for phones|usable on touch screens]
[must|do] I [install|download] [something|an app|anything] on my [phone|tablet]
[play store|app store|apk|iOS app]
is there [a version|something] for [phones|mobiles|Android|iOS]
"""),
    "chat.share": lines("""
how do I let [a coworker|my colleague|my boss|the team|others] [look at|see|read|view] this <chat>
can I take back a [link|share|snapshot] I [gave out|sent|made|shared]
do [outsiders|strangers|customers|people outside] [see|get] a <chat> I share
[pass|hand|give|forward] this <chat> [on|over|along] [to a colleague|to others|]
I'd like [my team|a colleague|Peter] to [look at|have|read|see] [this chat|this conversation|what you wrote]
[make|create|generate] a [link|shareable link|snapshot] [of|for|to] [this|my|a] <chat>
with whom can I share [a chat|chats|this]
[stop|end|cancel|withdraw] [sharing|a share|the link]
is what I share [frozen|live|updated]
collaborate [on|over] [a chat|this chat]
"""),
    "chat.export": lines("""
can I [save|store|keep] this <chat> as a [file|document|text file] [on my disk|on my drive|for later|]
which [formats|file types] does the [download|export] have
[get|take|pull|extract] my [data|chats|conversations] out [of Hearth|of here|]
[offline|local|paper|own] copy of [a|this|my] <chat>
how do I [back up|keep a copy of|preserve a copy of] [my own|a single|this] chat [on my computer|as a file]
[I need|I'd like] [a copy|the text|a transcript|a protocol] of [this|the whole|my] <chat> [as a file|on my disk]
[dump|write|output] [this|my|a] <chat> [to a file|to disk|as JSON|as Markdown]
before I [leave|quit], can I [take|download] my chats
"""),
    "chat.files": lines("""
may I [give|hand|show|send] you [a PDF|a file|a contract|my report|a spreadsheet] [to read|]
can [the team|we|our department] upload [its|our|the] [manuals|documents|handbooks|files] so you can use them
can [the team|we|our department] upload [its|our|the] [manuals|documents] so that everybody can ask about them
can [the team|we|our department] upload [its|our|the] [handbooks|files] so that everybody can ask about them
is it possible to [add|include|enclose|insert] [an attachment|a file|a document]
[drag|drop|load|put] [a file|documents|my PDF] [into|in] [the chat|here|Hearth]
[work|deal] with [my documents|PDFs|Word files|a contract|our files]
[look|read|go] through [my document|a report|our handbook|this PDF]
[ground|base] answers [in|on] our [own documents|files|wiki]
where do [company documents|our manuals|team files] [go|belong]
can you [quote|cite] from our [documents|files|manual]
how do I get [a file|my PDF|a document] [in|into the chat|to you]
"""),
    "chat.long": lines("""
why have you forgotten what I [told|asked|wrote] you at the [beginning|start|top]
is there a [maximum|limit|maximal|upper] [size|length] for a <chat>
what does it mean that the oldest messages [don't fit|no longer fit|were dropped] [anymore|]
you [no longer|don't] [know|remember] [my first message|how we started|what came first]
how [big|large] is [your|the] [memory|context|window] [in a chat|]
after [hours|many pages|hundreds of messages] [the model|it|you] [forgets|lost the thread|loses track]
[does|will] [everything|the whole conversation|each message] [still|always] [fit|get read|be considered]
[endless|huge|enormous|never-ending] <chats>
when are [old|early|previous] messages [ignored|cut|dropped]
how many [words|pages|tokens] fit in [a chat|one chat]
the beginning of [our|my|this] [chat|conversation] [is|was] [forgotten|ignored|left out]
"""),
}
"""More complete questions by topic."""
