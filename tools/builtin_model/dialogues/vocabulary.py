"""Words and names that the skills work on."""

from random import Random

_WORDS = """
apple banana cherry orange lemon peach plum grape melon mango carrot potato tomato onion garlic pepper salt sugar
bread butter cheese milk honey water coffee juice wine beer soup salad pasta rice meat fish egg cake pie cookie candy
spoon fork knife plate bowl cup glass bottle table chair sofa lamp bed door window wall floor roof kitchen garden
house home room street road bridge tower castle church school shop market office park river lake ocean sea beach
island mountain hill valley forest tree flower grass leaf rose stone sand sun moon star sky cloud rain snow wind storm
thunder fire smoke ice winter summer spring autumn morning evening night day week month year hour minute second today
tomorrow dog cat horse cow pig sheep goat duck chicken bird eagle owl mouse rabbit fox wolf bear lion tiger monkey
elephant snake frog spider bee ant butterfly whale shark dolphin turtle car bus train plane boat ship bicycle truck
engine wheel key lock box bag book paper pen pencil letter word story poem song music piano guitar drum violin dance
film picture paint color red blue green yellow black white brown purple pink grey gold silver iron copper wood cotton
leather shirt dress shoe hat coat glove scarf ring watch clock phone camera radio computer screen mouse printer
keyboard button switch light power energy heat cold warm hot cool wet dry soft hard heavy small large big tiny long
short tall wide narrow deep high low fast slow quick early late new old young happy sad angry brave calm kind proud
quiet loud clever smart funny strong weak rich poor clean dirty full empty open closed easy simple free busy ready
safe sweet sour bitter fresh ripe round square circle line point corner edge front back left right north south east
west man woman child boy girl baby mother father sister brother friend neighbour king queen prince doctor nurse
teacher farmer baker driver pilot sailor soldier artist singer writer head face eye ear nose mouth tooth hair neck arm
hand finger leg foot knee heart bone blood skin mind dream sleep walk run jump swim climb fly drive ride sit stand
fall rise turn move push pull throw catch carry hold drop break build make cook eat drink wash clean read write speak
talk listen hear see look watch think know learn teach ask answer help play win lose buy sell give take send bring
find search open close begin end stop wait hope love like hate fear laugh cry smile sing number zero one two three
four five six seven eight nine ten hundred world earth country city town village people family team game ball goal
prize gift party holiday birthday wedding summer camera planet rocket robot magic mirror shadow secret garden basket
blanket candle carpet ceiling chimney cupboard curtain drawer fence gate ladder pillow shelf towel bucket hammer
needle rope saw shovel feather flame hearth ember ash coal lantern beacon harbor anchor compass map journey travel
ticket luggage passport hotel bakery library museum theatre station airport factory hospital pharmacy bank post police
justice law order peace war truth lie luck chance choice change reason question problem idea plan project report
message email server model chat policy archive record data file folder table list code script program version error
warning test Hearth Berlin Paris Anna Peter Maria Monday Friday June July hello goodbye please thanks welcome sorry
yes no maybe
"""
_SYLLABLES = """
ba be bi bo bu da de di do du fa fe fi fo ga ge go ha he hi ho ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni
no pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi wa we za ze zo bal ber dan den fin gan hal kar
kin lan ler lin mar mer nor pan per ral ran rin sal ser sol tan ter tin ton val ver vin wor zen star trin plo gra dri
cro bly
"""
_CAPITALS = """
France:Paris Germany:Berlin Italy:Rome Spain:Madrid Portugal:Lisbon England:London Ireland:Dublin Scotland:Edinburgh
Belgium:Brussels Netherlands:Amsterdam Luxembourg:Luxembourg Switzerland:Bern Austria:Vienna Poland:Warsaw
Hungary:Budapest Czechia:Prague Slovakia:Bratislava Slovenia:Ljubljana Croatia:Zagreb Serbia:Belgrade Greece:Athens
Bulgaria:Sofia Romania:Bucharest Ukraine:Kyiv Russia:Moscow Finland:Helsinki Sweden:Stockholm Norway:Oslo
Denmark:Copenhagen Iceland:Reykjavik Estonia:Tallinn Latvia:Riga Lithuania:Vilnius Turkey:Ankara Egypt:Cairo
Morocco:Rabat Tunisia:Tunis Kenya:Nairobi Nigeria:Abuja Ghana:Accra Ethiopia:Addis_Ababa Canada:Ottawa
Mexico:Mexico_City Cuba:Havana Brazil:Brasilia Argentina:Buenos_Aires Chile:Santiago Peru:Lima Colombia:Bogota
Venezuela:Caracas Uruguay:Montevideo Ecuador:Quito Australia:Canberra New_Zealand:Wellington Japan:Tokyo China:Beijing
India:New_Delhi South_Korea:Seoul Thailand:Bangkok Vietnam:Hanoi Indonesia:Jakarta Philippines:Manila
Pakistan:Islamabad Iran:Tehran Iraq:Baghdad Israel:Jerusalem Jordan:Amman Syria:Damascus Lebanon:Beirut
the_United_States:Washington the_United_Kingdom:London
"""
_OTHER_COUNTRIES = """
Bolivia Nepal Laos Malta Mongolia Angola Zambia Namibia Senegal Mali Chad Niger Somalia Sudan Yemen Oman Qatar Kuwait
Georgia Armenia Albania Moldova Belarus Cyprus Panama Honduras Guatemala Jamaica Haiti Paraguay Fiji Samoa Bhutan
Cambodia Myanmar Sri_Lanka Uganda Rwanda Botswana Togo Benin Gabon Kazakhstan Uzbekistan
"""

WORDS = tuple(_WORDS.split())
SYLLABLES = tuple(_SYLLABLES.split())
CAPITALS: dict[str, str] = {}
"""Capitals that the model may learn, by country."""
for _pair in _CAPITALS.split():
    _land, _city = _pair.replace("_", " ").split(":")
    CAPITALS[_land] = _city
OTHER_COUNTRIES = tuple(name.replace("_", " ") for name in _OTHER_COUNTRIES.split())
"""Countries whose capitals it does not learn."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def word(rng: Random) -> str:
    """Return a word, or now and then something that only sounds like one."""
    if rng.random() < 0.25:
        return "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3))))
    return rng.choice(WORDS).lower()
