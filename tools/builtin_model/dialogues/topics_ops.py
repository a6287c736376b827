"""How people ask about running Hearth."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "ops.install": wordings(
        things="""
the installation [of Hearth|]
installing Hearth
setting up Hearth
the set-up
docker compose
the Docker [image|set-up|container]
the make run command
installation without internet
an air-gapped installation
the system requirements
the requirements for [an installation|Hearth|the server]
a server for Hearth
offline use
""",
        acts="""
install [Hearth|hearth|it|this at home|this on my server|Hearth on our server]
set up [Hearth|hearth|my own Hearth|a Hearth server|a Hearth at home]
start [Hearth|hearth|the server|the whole thing]
run [Hearth|hearth] [with Docker|at home|on my own server|without internet|offline|on my laptop|locally]
host [Hearth|this|it] [myself|at home|in my company]
deploy [Hearth|hearth] [with Docker|on our server|]
use docker [compose|] for Hearth
install it without [internet|root|an internet connection]
get Hearth running
put Hearth on a server
upgrade Hearth
""",
        says="""
Hearth [can be installed|runs] without internet
Hearth needs [internet|Docker|root|Python|Linux|an internet connection]
[I|we] can install Hearth [ourselves|at home|with Docker]
installing is [easy|hard|difficult]
Hearth runs in Docker
Hearth works offline
""",
        asks="""
how do I install [Hearth|hearth|this|it]
how is Hearth [installed|set up|started|deployed]
how can [I|we|my company|another company] [install|set up|host|get|run] [Hearth|this|it]
how do I start [Hearth|the server|it]
how do we get Hearth [running|on our server]
what do I need to [install|run|host] [Hearth|it|this]
what does Hearth need [to run|]
what are the [requirements|system requirements|prerequisites] [of Hearth|for Hearth|for the installation|]
which command [starts|installs|runs] Hearth
what command do I [run|type|use] to [start|install] [Hearth|it]
which operating system does [Hearth|it] need
does [Hearth|it|the installation] need [internet|the internet|an internet connection|Docker]
does [Hearth|it|the installation] need [root|Linux|Python|network access]
does it [work|run] [offline|without internet|in Docker|air-gapped|on Linux|on Windows|in an isolated network]
does Hearth run [offline|without internet|in Docker|air-gapped|on Linux]
can [I|we] [install|run|use] [Hearth|it] [offline|without internet|with Docker|in Docker|at home|air-gapped|on a laptop]
can I have Hearth at home
do you [support|have] Docker
is there a [docker compose file|Docker image|installer|set-up script|install command|one-line install]
is internet [needed|required|necessary] [for Hearth|to install it|]
is it [hard|difficult|easy] to install
where can I [get|download] Hearth
I want Hearth on my own server
I have a server, how do I get Hearth on it
we have no internet in the [lab|plant|bunker|office]
installation?
install hearth
setup hearth
docker compose up
make run
how long does the installation take
how do I [update|upgrade] Hearth
""",
    ),
    "ops.backup": wordings(
        things="""
backups
the backup
a backup of [Hearth|the data|all chats|the server|everything]
backing up [Hearth|the data|the server]
restoring [a backup|the data|Hearth]
disaster recovery
data loss on the server
the database
the PostgreSQL database
a database dump
""",
        acts="""
back up [Hearth|hearth|the data|the server|everything|the chats|the database]
make a backup [of Hearth|of everything|of the database|]
backup [Hearth|the data|everything|the server]
restore [a backup|Hearth|the data|the server]
save [everything|the whole system|the database] in case the [disk|server] [dies|breaks]
recover from a [disk failure|crash of the server|data loss|burned server]
move Hearth to [another|a new] server
dump the database
protect the data from disk failure
""",
        says="""
[Hearth|the data|the database|everything] is backed up
there are backups
the server [burned|broke down|was destroyed|disk failed]
backing up [PostgreSQL|the database] is enough
I have to back up [Redis|the models|the files|PostgreSQL|the var folder]
""",
        asks="""
how do I [back up|backup|make a backup of] [Hearth|the data|everything|the server|our chats]
how are backups [made|done]
how does the backup work
how do I restore [Hearth|a backup|the data|everything]
what do I [need to|have to|must] back up
what should be backed up
what must be in [a|the] backup
what [belongs|goes] in the backup
which [data|files|database|parts] [do I have to|must I|should I|do I need to] back up
which database does Hearth use
where is the data of the server stored for backup
is there a backup [function|command|of my chats|]
are there backups [of our chats|]
do [you|we] have backups
do I need to back up [Redis|the models|the files|anything|PostgreSQL|the logs]
does Hearth make backups
is it enough to back up [the database|PostgreSQL|one thing]
what if the [server|disk|hard disk|database] [dies|breaks|fails|burns|is destroyed]
what happens when the [disk|hard disk|database] [dies|breaks|fails]
our [server|disk] [died|broke|failed|burned down], how do I restore
I am the operator, what do I back up
we want to move to a new server, what do we take along
how often should I back up
backup strategy
backup?
pg_dump
should I use pg_dump
""",
    ),
    "ops.cost": wordings(
        things="""
the [price|cost|costs|pricing|fee|fees|bill] [of Hearth|]
the price per [seat|user|head|month|person|token]
the licence fee
a subscription
pricing
payment
costs
the cost per [user|question|token]
the [monthly|yearly|annual] [fee|costs]
""",
        acts="""
pay for [Hearth|this|it|each user|every question]
buy [Hearth|a licence|more seats|a subscription]
save money with Hearth
add more [people|users|seats] without paying more
know what Hearth costs
get [Hearth|it] for free
cancel my subscription
""",
        says="""
Hearth is [free|expensive|cheap|for free|free of charge]
Hearth costs [money|nothing|a lot]
[I|we] [have to|must] pay [for it|per user|per question|per token|for each person|every month]
every [user|seat|question|message|person] costs [money|extra]
my questions cost [money|the company money|something]
there is a [price per seat|monthly fee|subscription|licence fee]
""",
        asks="""
how much does [Hearth|it|this|a seat|one user|a question|this chat] cost
how much do [I|we] [have to pay|pay] [for Hearth|for this|per user|per month|]
how much is [Hearth|it|this]
what does [Hearth|it|this|a seat|a user|one more user|a message] cost
what is the price [of Hearth|per seat|per user|]
what's the [price|cost|pricing|fee]
what will it cost us
what do [I|we] [have to|] pay
what [is|are] the [price|costs|pricing] [per user|of Hearth|for a company of 50|for 200 people]
is [Hearth|it|this] [free|expensive|for free|cheap|free of charge|paid|commercial]
is there a [fee|licence fee|price per seat|subscription|monthly fee|free version|price list|paid plan]
do [I|we] [have to|need to|must] pay [for this|for Hearth|per user|anything|for it|]
do you [charge|cost|take money] [per user|per seat|per token|anything|]
does [Hearth|it|this|every question] cost [anything|money|something|extra]
does it get more expensive with more [users|people]
does every user need a licence
who pays for [this|Hearth|it]
who has to pay
how is Hearth [billed|paid|priced|licensed]
are there [costs|fees|licence costs|hidden costs] [per user|]
are my questions expensive
can we afford it
how expensive is [Hearth|this|it]
we have [50|100|300|1000] [people|employees|users], what does that cost
I don't want to pay [for every user|per seat|a subscription]
pricing?
cost?
price per seat?
""",
    ),
}
