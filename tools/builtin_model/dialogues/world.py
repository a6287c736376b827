"""What people ask about the wide world, of which the small model knows nothing."""

from tools.builtin_model.dialogues.grammar import lines

THINGS = lines("""
<person>
<person>
<place>
<topic>
<topic>
<topic>
the history of <topic>
the basics of <topic>
the history of <place>
the population of <place>
the life of <person>
the works of <person>
the best <thing>
my <thing>
a new <thing>
the price of a <thing>
a recipe for <dish>
the recipe of <dish>
<dish>
the rules of <sport>
the world championship in <sport>
the <lang> language
<lang> grammar
<code>
a <code> program
the salary of a <job>
a good <job>
the history of the <thing>
a trip to <place>
the year <num>
a <odd>
<odd>
the <odd> effect
the meaning of life
the speed of light
the boiling point of water
the square root of 2
the distance to the moon
my horoscope
a gift for <who>
team sports
the team of <place>
the audit of a bank
a court case about my <thing>
the queue at the bakery
a chat show on television
the export of cars from <place>
the temporary job of <who>
a legal question about my landlord
the hold of a ship
the key of a song
phone contracts
password managers
the stop sign
bus stops
a shared flat
copying DNA
a dark novel
""")

ACTS = lines("""
<verbish> [a|my|the] <thing>
<verbish> [a|my|the] <thing>
<verbish> [a|my|the] <thing>
cook <dish>
bake <dish>
make <dish>
learn <lang>
speak <lang> fluently
play <sport>
get to <place>
travel to <place>
emigrate to <place>
become a <job>
find a <job>
write a <doc> [for <who>|about <topic>|]
program [a game|a website|a calculator] in <code>
sort a list in <code>
read a file in <code>
lose weight
stop smoking
fall asleep faster
build a house
build a <thing>
earn more money
invest my money
treat [a cold|a headache|a burn|a sore throat|back pain]
solve [a quadratic equation|this puzzle|a Rubik's cube|an integral]
understand <topic>
explain <topic> to <who>
impress <who>
plan a wedding
get married in <place>
delete a photo on my phone
delete my Facebook account
rename a file in Windows
copy a DVD
share my screen in Teams
change the oil of my <thing>
change a tyre
stop [a nosebleed|hiccups|the leak|my dog from barking]
export apples to <place>
search for gold
choose a <thing>
save money for a <thing>
back up my phone
attach a <thing> to the wall
continue my studies in <place>
start a company
sue <who>
""")

SAYS = lines("""
<person> [is dead|is still alive|was married|was born in <num>|was a genius|wrote a book|is rich]
<place> is [beautiful|dangerous|expensive|far away|worth a visit|warm in winter]
<topic> is [dangerous|important|difficult|fun|healthy|a hoax|interesting]
<dish> is [healthy|fattening|typical of <place>|easy to make]
my <thing> is [broken|leaking|too old|too loud|dirty|missing|expensive]
my <thing> [does not work|makes a strange noise|needs a repair|smells]
<who> is [angry|ill|sad|coming to visit|getting married|moving to <place>]
the earth is [flat|round|warming|older than four billion years]
[cats|dogs|fish|bees|plants] can [think|see colours|feel pain|sleep]
[coffee|sugar|milk|wine|garlic] is [healthy|bad for you|good for the heart]
[my landlord|my bank|the court|the police] [wants money|wrote me a letter|keeps my deposit]
[the moon|Mars|Venus] [has water|is made of cheese|is far away|has a core]
<lang> is [difficult|related to Latin|spoken in <place>|easier than <lang>]
[my train|my flight|my parcel] is [late|cancelled|lost]
a <job> earns [a lot|little|more than a <job>]
[it|life|everything] is [hard|unfair|expensive nowadays]
[I have|my son has] [a fever|a headache|a rash|the flu|a cough]
""")

ASKS = lines("""
who [is|was] <person>
who [is|was] <person>
when was <person> born
where was <person> born
when did <person> die
what did <person> [do|write|invent|discover|say|paint]
how old is <person>
tell me about <person>
tell me [a|the] story of <person>
why is <person> famous
who [wrote|painted|composed|invented|discovered|directed] [Hamlet|the Mona Lisa|the telephone|penicillin|Titanic|Faust]
who won [the World Cup|the war|the Oscar|Wimbledon|the election|the Nobel Prize] in <num>
who [won|lost|started] [the last World Cup|the First World War|the Battle of Waterloo]
what happened in <num>
when [did|was] [the Titanic sink|the wall come down|the war end|Rome founded|the first iPhone sold]
where is <place>
how far is <place>
how big is <place>
how many people live in <place>
what is the [best|cheapest] [restaurant|hotel|beach|museum] in <place>
what is <place> famous for
what language do they speak in <place>
how do I get to <place>
which [river|mountain|ocean|lake|desert] is the [longest|highest|deepest|largest]
what is the [longest river|highest mountain|largest country|tallest building|fastest animal|smallest bird]
what is <topic>
what is <topic>
explain <topic>
how does <topic> work
how does a [<thing>|rainbow|computer|microwave|nuclear reactor|jet engine|magnet] work
why is [the sky blue|the sea salty|grass green|snow white|<topic> important|the sun hot]
why do [cats purr|birds sing|people dream|leaves fall|we yawn|onions make me cry|dogs bark]
how do [planes fly|bees make honey|volcanoes erupt|fish breathe|vaccines work]
what are the [advantages|risks|causes|effects|symptoms|rules] of <topic>
what do you think about <topic>
what is your opinion on <topic>
how do I [make|cook|bake|prepare] <dish>
give me a recipe for <dish>
what [goes well|can I serve] with <dish>
how long do I [boil|cook|bake] [eggs|rice|potatoes|<dish>]
how many calories [are in|does] <dish> [have|]
what should I [cook|eat|wear|read|watch|buy] [today|tonight|for dinner|]
write [me|] a <doc>
write [me|] a <doc> about <topic>
write [me|] a <doc> [for|to] <who>
write a [short|long|funny|formal|nice] <doc> about [<place>|<person>|<topic>|my <thing>]
compose a <doc> about <topic>
draft [a <doc>|an email] to <who> about [the rent|a meeting|my holidays|<topic>]
write [some|] <code> code that [sorts numbers|downloads a page|plays chess|reads a CSV|sends mail]
write a [<code>|] [function|program|script|class] [that|which|to] [adds numbers|finds primes|reads a file|parses JSON]
what is wrong with my <code> code
how do I [loop|sort|read a file|connect to a database|write a function] in <code>
debug this [code|function|program]
translate <word> [into|to] <lang>
translate this [into|to] <lang>
what is <word> in <lang>
how do you say <word> in <lang>
say something in <lang>
do you speak <lang>
sprichst du Deutsch
wie geht es dir
wer bist du denn
parlez-vous français
hola que tal
como estas
was kannst du
summarise [the book|the film|the plot of] [Faust|Titanic|Moby Dick|1984|Dune|Hamlet|the Bible]
recommend [me|] a [book|film|song|restaurant|hotel|series|game|wine]
which [book|film|phone|car|<thing>] should I [buy|read|take|choose|watch]
what is the best <thing>
how much [does|is] a <thing> [cost|]
how much does a <job> earn
what is the price of [gold|oil|bitcoin|a litre of milk|a <thing>]
how do I [repair|fix|clean|sell] my <thing>
my <thing> is broken
my <thing> does not work, what can I do
my [head|knee|back|stomach|tooth|throat] hurts
I have [a fever|a cold|a headache|a rash|a cough], what should I [do|take]
which [medicine|pill|doctor|vitamin] helps against [headaches|a cold|allergies|insomnia]
how [much|many] [aspirin|ibuprofen|vitamin C] may I take
am I pregnant
is <topic> [dangerous|healthy|legal|true|hard to learn]
is it legal to [record a call|fly a drone|park here|download films|sublet my flat]
can my landlord [evict me|raise the rent|keep my deposit|enter my flat]
how do I [sue|divorce|impress|forgive|thank] <who>
what are my rights as a [tenant|customer|patient|passenger]
how do I fill in my tax return
how much tax do I pay
should I [buy|sell] [shares|bitcoin|gold|a house] [now|]
solve [this equation|x squared plus 3x = 10|2x + 5 = 11|the integral of x]
what is [the derivative of x squared|pi|the square root of 144|12 times 12|seven times eight|5 factorial|15 % of 80]
what is [3|12|7|25|144|48|90] [times|divided by|multiplied by|*|x|/] [4|12|9|3|6|2|15]
multiply [3|12|7|25|48] by [4|12|9|6]
how many [litres|inches|miles|grams|seconds] are in [a gallon|a metre|a pound|a day|a mile]
how many [bones|teeth|planets|countries|days in a leap year|legs has a spider|stars] [are there|]
do my homework
help me with my [homework|maths homework|essay|thesis|exam|presentation]
plan [my|a] [holiday|trip to <place>|wedding|birthday party|week|diet]
give me [tips|ideas|advice] for [a birthday|a date|an interview|my diet|a holiday|my garden]
play [a song|chess|a game|music|some music]
sing [me|] a song
draw [me|] [a cat|a picture|a house|a tree|a logo]
show me a [picture|photo|video] of [<place>|a cat|<person>]
make [me|] a [picture|video|song|presentation|logo]
order [a pizza|a taxi|flowers]
book [a flight|a hotel|a table|a ticket] [to <place>|]
call [<who>|the police|a taxi]
send an email to <who>
set [an alarm|a timer|a reminder] for [7 o'clock|ten minutes|tomorrow]
remind me to [call <who>|buy milk|pay the rent]
turn on the [light|radio|heating]
what is the [phone number|email|address] of [<who>|the town hall|<person>|the nearest doctor]
when does the [train|bus|shop|museum|next train to <place>] [leave|open|close|arrive]
where is the nearest [hospital|bakery|station|pharmacy|toilet]
what is the meaning of [life|<word>|<odd>|love|the word <word>]
what is [a|the|an] <odd>
what does <odd> mean
who invented the <thing>
who is the [president|king|chancellor|prime minister|mayor|pope] [of <place>|]
who is the [ceo|boss|founder] of [Apple|Siemens|Tesla|my company|IKEA]
what is the currency of <place>
what time does the sun set in <place>
is there life on Mars
does God exist
is there a god
what comes after death
who will win the [election|match|World Cup]
what will [the weather|the future|tomorrow|the stock market] bring
what are the lottery numbers
should I [quit my job|marry|leave <who>|move to <place>|learn <lang>|buy a <thing>]
why does <who> [hate|ignore|love] me
I am [sad|lonely|bored|in love|depressed|stressed], what should I do
I feel [sad|lonely|ill|anxious]
how do I [get rich|become famous|lose weight|sleep better|find friends|stay young]
what is the difference between [a crocodile and an alligator|<topic> and <topic>|weather and climate|<lang> and <lang>]
compare <topic> and <topic>
name [three|five|some] [rivers|painters|planets|dinosaurs|spices|novels|kings|colours]
list [three|five|ten] [animals|cars|songs|cities in <place>|names for a dog]
give me a name for my <thing>
what rhymes with [heart|orange|love|fire|time]
what is the plural of [mouse|child|goose|octopus]
is "[irregardless|ain't]" a word
correct my [grammar|English|sentence|spelling]: [he go home|I has a dog|she don't know]
rewrite this [sentence|paragraph|text] more [politely|formally|clearly]
summarise [this text|the following article|this]: [The meeting was moved|In spring the birds come back|Sales rose]
which team won the [league|cup|match|derby]
what is the capital letter for
what is the capital of <place>
how do I delete [a photo|my Facebook account|an app|a row in Excel|a file in Windows|my browser history]
how do I [copy|rename|share] [a DVD|a file in Windows|my screen in Zoom|a calendar|a Spotify playlist]
how do I stop [a nosebleed|my dog barking|a washing machine|hiccups|a running tap|smoking]
how do I [search|find] [a job|a flat in <place>|my keys|a partner|my lost cat]
how do I export [wine|cars|a contact list from my phone|a video]
how do I log in to [Facebook|my bank|Netflix|Instagram|Amazon|my email]
what is the wifi password
I forgot my [keys|umbrella|anniversary|PIN of my phone|Netflix password|wedding day]
who audits [the state|banks|a charity]
who won the [audit award|team prize|chess match]
how long [is a football match|is a marathon|does milk keep|do turtles live|is the Nile|was the war|does paint dry]
how long can I keep [eggs|cooked rice|a library book|meat in the freezer]
is there a queue at [the post office|the museum|the airport]
when is the [shop|pool|library|bank] open
what should I name my [team|cat|boat|startup|baby]
what does [Hearth|this app] think about <topic>
who is the CEO of Hearth
how many people work at Hearth
how many customers does Hearth have
does Hearth have an office in <place>
can Hearth [generate|make|draw] [images|pictures|videos|music]
can you [generate|draw|make|paint] [an image|a picture|images|pictures|a video|music]
can I talk to you with my voice
does Hearth have [voice input|a calendar|video calls|a translator|a spell checker|a dark side]
how do I get [red wine|coffee|ink|grease|blood] out of [a carpet|my shirt|the sofa|jeans]
how do I [change|replace|mend] [a light bulb|a fuse|a tyre|the strings of a guitar|a zip]
why is my [computer|laptop|phone|internet|car|<thing>] so [slow|hot|loud|old]
how do I reset my [router|phone|alarm clock|laptop|printer|<thing>]
how do I share [photos|a recipe|a taxi|costs] with [my family|friends|<who>]
is it [safe|okay|healthy|dangerous] to [eat raw eggs|swim after eating|drink tap water|sleep little|run every day]
who was the first [man on the moon|woman in space|king of <place>|president|human]
[what's|tell me] the plot of [Star Wars|The Godfather|Romeo and Juliet|Macbeth|Matrix|Frozen]
[give me|make me|I need] a [workout plan|diet plan|shopping list|packing list|weekly menu|study plan]
[write|can you write|could you write] a [<code>|] script that [renames files|sends an email|counts words|deletes rows]
[what|which] [vegetables|fruits|plants|animals|fish] [grow|live] in <place>
what [should|can] I [do|see|eat|visit] in <place>
how do I [say no|apologise|talk] to <who>
my [boss|colleague] is [mean|lazy|rude], what should I do
how do I ask my boss for [a raise|a day off|a transfer]
how many [hours|days] of holiday [do I get|are legal]
when is [Christmas|Easter|Mother's Day|the next full moon|the next election]
what is the [canteen menu|dress code|Wi-Fi name|room number|address of our office]
who is [my boss|the head of sales|our CFO|on duty]
[book|reserve|find] [a meeting room|a parking space|a desk]
order [a new laptop|office supplies|business cards]
how do I [submit|file] [my expenses|a sick note|a holiday request|a timesheet]
[fix|check|review] [my|this] [text|code|contract|formula|spreadsheet]
[make|create] a [chart|diagram|slide|spreadsheet|table of planets|table of <topic>]
what is the [best|right] [age|time|way] to [learn guitar|start school|plant tomatoes|retire|learn <lang>]
how [tall|heavy|old|fast|deep] is [the Eiffel Tower|an elephant|a cheetah|<person>|the Pacific|the universe]
how long does it take to [learn <lang>|fly to <place>|boil an egg|build a house|heal a broken leg]
why did [<person>|the dinosaurs|Rome] [die|leave|fall|become famous|lose]
what causes [<topic>|hiccups|rainbows|tides|thunder|wars]
can [a dog|a cat|a baby|<who>] eat [<dish>|grapes|nuts|chocolate]
what is [better|healthier|cheaper], <dish> or <dish>
which is better, [iPhone or Android|Mac or PC|<code> or <code>|<place> or <place>]
what does [the law|the Bible|science|<person>] say about <topic>
pretend [to be|you are] [a pirate|<person>|my mother|a doctor]
let's play [a game|chess|hangman|twenty questions]
guess [my age|a number|my name|what I am thinking]
tell me [a story|a riddle|a fairy tale|a secret|a fun fact|an anecdote] [about <topic>|]
give me a [quote|riddle|fun fact|proverb|synonym for happy|password]
what do [bees|cows|pandas|astronauts|vampires] eat
what colour is [the sky|a banana|a giraffe|<thing>]
is [Pluto|a tomato|a whale] a [planet|fruit|fish]
convert [10 miles|5 pounds|100 dollars|30 degrees] [to|into] [km|kilos|euros|Fahrenheit]
round [3.14159|2.71] to two digits
what is the next number: 2, 4, 8, 16
which [teacher|doctor|lawyer|bank|insurance] do you recommend
my [password manager|bank card|mailbox|garage door] [is locked|is full|does not open]
how do I unlock [my iPhone|a door without a key|my car]
how do I export [a video from iMovie|contacts from Outlook|a PDF from Word]
how do I print [from my phone|double-sided|a photo]
how do I attach [a trailer|a button to a shirt|a hook]
what is the legal age for [drinking|driving|voting]
how do I hold [a baby|a pen|chopsticks|a speech]
what is the audit fee of [a bank|a small company]
why is the [queue at the bakery|traffic|line at the airport] so long
how do I install [a dishwasher|Windows|solar panels|Photoshop|an air conditioner]
how do I back up [my iPhone|my photos|a trailer|WhatsApp]
what does [a house|a wedding|a dog|a divorce|milk] cost
what are the [lyrics|words|chords] of [Yesterday|<word>|the national anthem|Happy Birthday|my favourite song]
tell me the lyrics of [Yesterday|<word>|the anthem|Imagine]
[give|make|design|show] me a [workout|stretching exercise|training plan|yoga routine] for my [legs|back|arms|belly]
what's a good name for [a horse|a band|a cat|my boat|a café|twins|my company]
what are the symptoms of [flu|measles|diabetes|a stroke|burnout|asthma]
how do I [register|found|close|sell] a [company|business|charity|club|trademark]
who was the [second|third|first|last] [man on the moon|emperor of <place>|president of <place>|person on Everest]
what are the names of the [planets|seven dwarfs|Beatles|oceans|continents|apostles]
what do you call [a baby cow|a group of lions|someone who fears spiders|a female fox]
how [hot|cold|deep|high|wide] is [the sun|the ocean|space|lava|the moon|<place>]
what's the [exchange rate|value] of [the yen|the dollar|bitcoin|the pound]
how many [ounces|calories|cups|steps|words|people|bones] [are|do I need|should I eat] [in a day|in a cake|a day]
what is the [atomic number|symbol|boiling point|melting point|density] of [gold|iron|helium|lead|oxygen]
what [ingredients|tools|papers|vaccines] do I need for [<dish>|a trip to <place>|a wedding|<sport>]
how do I get rid of [ants|mice|acne|a cold|weeds|hiccups|mould]
how do I train [my puppy|for a marathon|my memory|a parrot]
who [sang|sings|plays|directed|acted in] [Titanic|Yesterday|Casablanca|Hamlet|Star Wars]
what is the [moral|plot|author|title|ending] of [the story|Faust|Moby Dick|the song|1984]
what's [new|on] at the [cinema|theatre|museum|market]
can you [rap|sing|bark|cook|drive|draw|paint|translate|rhyme] [for me|]
what are good [gifts|hobbies|jokes|books|games|exercises] for [children|old people|<who>|a rainy day]
how [does|did] [an octopus|a tree|a caterpillar|the universe|life] [breathe|grow|begin|change|end]
what is the law of [gravity|large numbers|<place>|thermodynamics]
what happens [when|if] [I mix bleach and vinegar|the sun dies|we die|I eat too much salt|a star explodes]
how do I write a [cover letter|business plan|thesis|will|contract|poem about <topic>]
what's the best way to [peel garlic|fall asleep|clean a grill|sell a car|get to <place>]
where can I [buy|rent|find|see] [a <thing>|<dish>|northern lights|cheap flights|a doctor]
what did [people|Romans|dinosaurs|Vikings] [eat|wear|believe|drink]
which [wine|tie|colour|shoes] [goes|go] with [fish|a blue suit|a black dress|green walls]
how safe is [<place>|flying|a microwave|tap water in <place>]
""")
