"""How people ask about teams, roles and accounts."""

from tools.builtin_model.dialogues.grammar import Wordings, wordings

TOPICS: dict[str, Wordings] = {
    "teams.what": wordings(
        things="""
<teams>
a <team>
the <teams> in Hearth
[being|working] in a <team>
the purpose of <teams>
my <team>
the team I am in
a shared team
team membership
""",
        acts="""
work [in|with] a <team>
share [models|rules|a policy] with [my|a] <team>
be in [more than one|two|several] <teams>
join a <team>
use Hearth [as a team|with my team|together with my department]
see which <team> I am in
have our own [rules|models] as a department
""",
        says="""
[people|users|colleagues] share [models|rules|a policy] in a <team>
a <team> has [its own models|its own rules|members|shared rules|models and rules]
every department [is a team|has its own team]
I am in a <team>
teams are [groups of people|departments|needed]
I need to be in a team
""",
        asks="""
what is a <team> [in Hearth|here|]
what are <teams> [in Hearth|here|for|good for|]
what does a <team> [do|have|share|mean|own]
what do [people|members] of a <team> share
what [do people in|does] a team [share|have in common]
what is [shared|common] in a <team>
what is the [point|purpose|use|benefit] of [a team|teams|being in a team]
why [are there|do we need|have|should we use|use] <teams>
how do <teams> work
how are <teams> organised
can [I|someone|a person] be in [two|several|more than one] <teams>
can [departments|every department|each department|our group] have [its own|their own] [team|rules|models]
can a <team> have [its own|different] [models|rules]
do <teams> have [their own models|their own rules|own rules]
does every department get its own [team|rules]
is there something like [groups|departments|workspaces|teams]
are there [groups|workspaces|departments|teams]
is a team the same as a department
which <team> am I in
what team do I belong to
I was added to a <team>, what does that mean
I was put in a <team>, what now
I joined a <team>, what changes
what does it mean to be in a <team>
my colleague says we have a <team>
explain teams
teams?
workspaces?
groups?
""",
    ),
    "teams.admin": wordings(
        things="""
[a|the|my] <teamadmin>
the [tasks|duties|powers|rights|job] of a <teamadmin>
team administration
the management of a team
team management
the members of [a|my] <team>
adding [people|members|a colleague] to [a|my] <team>
""",
        acts="""
manage [a|my|the] <team>
add [a colleague|people|a member|somebody|a person|new members] to [a|my|the] <team>
remove [a colleague|people|a member|somebody|a person] from [a|my|the] <team>
invite somebody [to|into] [my|the|our] <team>
kick [somebody|a member] out of the <team>
become [a|] team admin
choose the models of [my|a|our] <team>
decide which models [my|our] team [can use|sees]
get into another <team>
leave [my|a|the] <team>
""",
        says="""
a team admin [manages|can manage|decides about] [members|models|the team|retention|the members of a team]
[I am|my colleague is|she is|he is] [a|the] team admin
team admins can [add members|remove people|choose models|do everything]
somebody manages [my|the|our] <team>
a new colleague should [join|be in] our <team>
""",
        asks="""
who [manages|runs|leads|administers|is in charge of|is responsible for|looks after] [a|my|the|our] <team>
who [can|may] [add|remove|invite] [people|members|somebody|a colleague] [to|from|into] [a|my|the|our] <team>
who decides [which models our team has|who is in a team|who may join a team|about our team]
who chooses the models [of|for] [a|my|our] <team>
what [can|does|may|should|must] [a|the] <teamadmin> [do|decide|change|manage]
what are the [tasks|rights|powers|duties] of [a|the] <teamadmin>
what is [a|the] team [admin|administrator]
how do I [add|remove|invite] [a member|people|a colleague|someone|somebody] [to|from|into] [a|my|the|our] <team>
how do I [become|get to be] [a|] team admin
how do I [get into|join|leave|enter] [a|another|the other] <team>
how can a new colleague [join|get into] our <team>
how is a team [managed|administered|run]
can a <teamadmin> [add members|remove people|choose models|change the models|manage members|add a model]
can I [add|invite|remove] [people|somebody|a colleague] [to|from] my <team>
can I manage my own <team>
what am I allowed to do as [a|] team admin
I am [now|] [a|] team admin, what [can|do|may] I do
I became [a|] team admin, what now
I was made team admin
I need [somebody|a colleague|my coworker] in my <team>
add [Anna|my colleague|Peter|a new person] to [our|my] <team>
which rights does a <teamadmin> have
does a team have [an admin|a leader|an administrator]
do team admins need [the organisation's admin|the IT department] [for everyday things|]
is there somebody who manages [the|our] <team>
team admin?
difference between [an admin and a team admin|team admin and organisation admin]
""",
    ),
    "roles": wordings(
        things="""
[the|] roles
the [roles|role system|permissions|rights|user roles|access rights|access levels]
[my|a] role
the [auditor|owner|guest|member] role
[owner, admin, auditor and member|owners and admins|guests and members|members and guests]
permissions
user rights
the kinds of users
the difference between [an owner and an admin|a member and a guest|an admin and an auditor]
an auditor
a guest
an owner
""",
        acts="""
get [another|a different|a higher] role
change [my|somebody's|a person's|a user's] role
become [an owner|an auditor|a guest|an admin|an administrator]
give [somebody|a colleague] [admin rights|another role|more rights|the auditor role]
see [my role|what role I have|which roles there are]
make [somebody|a colleague] [an admin|an auditor|a guest|an owner]
""",
        says="""
there are [different|several|four|three] [roles|kinds of users|permissions]
[I am|somebody is|she is] [an owner|an auditor|a guest|a member|a normal user]
a guest can do [less|the same|everything]
everybody has [the same rights|a role]
I have [no rights|too few rights|only the member role]
""",
        asks="""
which roles [are there|exist|does Hearth have|do you have|can people have|can I have|does it know]
what roles [are there|exist|does Hearth have|do you have|can people have|can somebody have]
what are the [roles|user roles|permissions|access levels|different roles|kinds of users]
what [kinds|types|sorts] of [users|roles|accounts|permissions|people] [are there|exist]
how many roles are there
what role do I have
what is my role
what is [an owner|an auditor|a guest|a member|the owner|the auditor role]
what does [an owner|an auditor|a guest|a member|the owner] do
what [can|may] [an owner|an auditor|a guest|a member|an auditor] do
what is the difference between [an owner and an admin|a member and a guest|admin and auditor|the roles|owner and admin]
who is [the owner|an auditor|a guest|the admin]
who [gives|assigns|hands out|decides about|grants] [roles|rights|permissions|the roles]
how do [roles|permissions|rights] work
how are [roles|permissions|rights] organised
how do I get [another role|more rights|admin rights|more permissions]
can I have [more rights|another role|admin rights]
can I be [an admin|an auditor|both member and auditor]
are there [roles|permissions|different rights|guests|access levels|user levels]
is there a [role|permission] system
is there a role for [auditors|guests|external people|compliance|the data protection officer]
does Hearth have [roles|permissions|guests|role-based access|access control]
do all users have the same rights
who is allowed to do what
who may do what
I am a guest, what [can|may] I do
I am only a member, what [can|may] I do
list [all|the] roles
name the roles
explain the roles
roles?
permissions?
""",
    ),
    "account.new": wordings(
        things="""
[a|an|a new|my first|a second] account
a login
signing up
registration
[the|an] invitation
the registration form
an account for [a colleague|my colleague|a new employee|an intern|my friend]
access to Hearth
""",
        acts="""
get an account [for a colleague|here|]
get [a login|access|an account|an invitation]
create [a|an|a new|another] [account|user|login]
register [here|an account|a new user|]
sign up
open an account
invite [a colleague|somebody|a person|new users|my friend] [to Hearth|]
add [a user|a new user|an employee|new users] [to Hearth|]
make an account [for somebody|for my colleague|]
let [a new employee|my colleague|an intern] use Hearth
join Hearth
""",
        says="""
[I|my colleague|a new employee|she] [has|have|got] no [account|login|access]
[anyone|anybody|everybody] can [register|sign up|create an account]
[I|my colleague] [need|needs] an [account|invitation]
[I|she] got an invitation
accounts are [open to everyone|by invitation only|free]
there is no sign-up [page|button|form]
the invitation [link|] [expired|does not work|is too old]
""",
        asks="""
how do I [get|create|open|make|register] [a|an|a new|my own] [account|login|user account]
how can [I|my colleague|a new employee|somebody|my friend|we] [get|create|have] an [account|login|invitation]
how do [I|we|people] [register|sign up|join|get access|get in]
how do I get access [to Hearth|]
how do new [users|people|employees|colleagues] [get in|join|get an account|get access|sign up]
how do we add [a user|new users|a new employee|employees]
how do I invite [somebody|a colleague|a friend|new people|someone]
where [do|can] I [register|sign up|create an account|get an account|apply for an account]
where is the [registration|sign-up] [page|form|button]
who [can|gives|creates|makes] [me|an account|accounts|invite people|invite someone|new accounts|invitations]
who do I ask for an account
whom do I ask for [an account|access|an invitation]
can [I|anyone|anybody|everyone|my friend|outsiders] [register|sign up|create an account|get an account]
can my [colleague|friend|wife|intern|assistant] [use Hearth too|get an account|have an account|join]
can I create an account [myself|for somebody|]
can I have [an account|a second account|a login]
I [have|got] no account [yet|]
I [need|want] [an account|a login|access|to register|to sign up]
my colleague [has no|needs an|wants an|would like an] account
a new [colleague|employee|intern] starts on Monday [and needs an account|, how does she get in|]
we have a new [colleague|employee|intern], how does [he|she] get in
is there a [sign-up|registration] [page|form|]
is [registration|sign-up] open
is it open for everyone
do I need an [invitation|account]
what is an invitation
my invitation [expired|does not work|never arrived|is missing]
I did not get the invitation
sign up?
register
new account
create user
invite user
""",
    ),
    "account.password": wordings(
        things="""
[my|the|a] [lost|forgotten|old|new|] password
the password reset
a password reset [link|mail|]
resetting [my|the] password
changing my password
the forgotten password link
my credentials
login problems
""",
        acts="""
reset [my|the|a] password
change [my|the] password
recover [my|the] [password|account]
get [a new|my] password [back|]
set a new password
choose [a new|another] password
sign in without [my|a] password
log in again after forgetting [my|the] password
""",
        says="""
[I|my colleague|somebody|she|he] [forgot|lost|has forgotten|cannot remember|does not know] [my|the|his|her] password
[I've|I have] [forgotten|lost] my [password|login|credentials]
my password [does not work|is wrong|is not accepted|expired|was stolen|is too old|doesn't work any more]
[I|we] [cannot|can't] [log in|sign in|get in|get into my account]
I am locked out [of my account|]
the login does not [work|accept me]
""",
        asks="""
I forgot my [password|passwort|pasword|login]
forgot [my|the] password
forgot password
forgotten password
lost [my|the] password
password [lost|forgotten|reset|gone|help|]
I [lost|forgot|can't remember|cannot remember|don't know|do not remember|don't recall] my password
I [can't|cannot|am unable to] [log in|sign in|login|get in|get into my account|enter]
I am locked out
I locked myself out
how do I [reset|change|recover|renew|get back] [my|the|a] password
how can I [reset|change|recover|renew|get back] [my|the|a] password
how do I get a new password
how do I log in if I forgot [my|the] password
where [do|can] I [reset|change|recover] my password
what [do I do|can I do|now|should I do|to do] [if|when] I [forgot|forget|lost|lose|don't remember] my password
what if I forget my password
who can [reset|change|tell me] my password
who [resets|knows] my password
can [you|an admin|the admin|IT|I] [reset|change|tell me|see] my password
can you tell me my password
my password [doesn't work|does not work|is wrong|isn't accepted|stopped working|was stolen]
my [login|sign-in|account] [doesn't work|does not work|is locked]
it says my password is wrong
it does not let me [in|log in|sign in]
wrong password
is there a [password reset|reset link|way to reset my password]
I need a new password
I want [another|a new|a different] password
reset password
change password
somebody knows my password [, what now|]
my [colleague|boss|coworker] forgot [her|his] password
""",
    ),
    "account.signout": wordings(
        things="""
[the|] [sign out|log out|logout|log off|sign-out] [button|link|]
signing out
logging [out|off]
the way out
[the|my] [session|login session]
""",
        acts="""
sign out
log out
log off
logout
sign off
leave [Hearth|my account|the session]
end my session
close my [session|account session]
exit [Hearth|the app|]
switch [to another user|users|accounts]
sign out on [this|a shared|a public] [computer|PC|device]
disconnect
""",
        says="""
[I am|somebody is] [still|] [signed in|logged in]
[I|we] [have to|should|must] [sign out|log out|log off] [at the end|on a shared computer|]
I forgot to [sign out|log out|log off]
[this is|I am on] a [shared|public|colleague's] computer
I am signed out [automatically|when I close the page|]
""",
        asks="""
how do I [sign out|log out|log off|logout|sign off|leave|exit|get out of here|leave my account|end my session]
how can I [sign out|log out|log off|logout|leave my account|end the session]
how to [logout|log out|sign out|log off|exit]
where [do|can] I [sign out|log out|log off|logout]
where is [the|] [sign out|log out|logout|sign-out|log off] [button|link|]
where is the exit
I can't find [the|] [sign out|log out|logout] [button|]
I <want> [sign out|log out|log off|logout|leave|end my session]
I am done for today, how do I [leave|log out|get out|sign out]
I'm finished, how do I [log off|sign out|leave]
I am on a [shared|public|foreign|colleague's] computer, how do I [leave|log out|sign out|log off]
what do I click to [sign out|log out|leave]
which button [signs me out|logs me out]
can I [sign out|log out|log off]
do I have to [sign out|log out|log off] [in the evening|every day|when I leave|]
should I [sign out|log out] [when I leave|]
sign me out
log me [out|off]
sign out [please|]
logout
log off
log out
how do I switch to another [user|account]
my colleague wants to use my computer, how do I sign out
""",
    ),
}
