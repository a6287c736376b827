"""Words of the wide world that the small model knows nothing about: people, places, dishes, subjects."""

WORLD: dict[str, str] = {
    "person": "Napoleon|Albert Einstein|Marie Curie|Shakespeare|Mozart|Beethoven|Cleopatra|Julius Caesar|Elvis Presley"
    "|Michael Jackson|Taylor Swift|Barack Obama|Donald Trump|Angela Merkel|Elon Musk|Bill Gates|Steve Jobs"
    "|Madonna|Cristiano Ronaldo|Messi|Roger Federer|Serena Williams|Usain Bolt|Nelson Mandela|Gandhi"
    "|Martin Luther King|Leonardo da Vinci|Picasso|Van Gogh|Rembrandt|Galileo|Isaac Newton|Darwin|Aristotle"
    "|Plato|Socrates|Kant|Nietzsche|Goethe|Kafka|Tolstoy|Dostoevsky|Jane Austen|Agatha Christie|J.K. Rowling"
    "|Stephen King|Queen Elizabeth|King Charles|Joan of Arc|Marco Polo|Columbus|Neil Armstrong|Ada Lovelace"
    "|Alan Turing|Nikola Tesla|Thomas Edison|Henry Ford|Abraham Lincoln|George Washington|Churchill|Stalin"
    "|Genghis Khan|Tutankhamun|Harry Potter|Batman|Sherlock Holmes|Mickey Mouse|Frodo|Dracula|Zeus|Buddha"
    "|Moses|Adele|Beyonce|Rihanna|Brad Pitt|Tom Hanks|Greta Garbo|my neighbour|Linus Torvalds"
    "|Guido van Rossum|Confucius|Sigmund Freud|Frida Kahlo|Chopin|Bach|David Bowie|Lewis Hamilton",
    "place": "Berlin|Rome|the Sahara|Mount Everest|the Amazon|New Zealand|California|Texas|Siberia|the Alps|Antarctica"
    "|Greenland|the Moon|Mars|Jupiter|Venice|Barcelona|Istanbul|Sydney|Rio de Janeiro|Hong Kong|Singapore"
    "|Dubai|Chicago|Hamburg|Munich|Zurich|Bavaria|Scotland|Wales|Hawaii|Alaska|Bali|the Nile|the Danube"
    "|the Pacific|the Black Forest|Prague|Krakow|Naples|Sicily|Crete|Mallorca|Patagonia|Tibet|Mongolia"
    "|Zanzibar|Bolivia|Nepal|Laos|Malta|the Bronx",
    "dish": "pizza|pancakes|lasagne|sushi|goulash|bread|chocolate cake|apple pie|tomato soup|risotto|ratatouille"
    "|curry|tacos|paella|pasta|spaghetti carbonara|omelette|waffles|cheesecake|tiramisu|ramen|dumplings"
    "|falafel|hummus|steak|roast chicken|fish and chips|potato salad|muffins|brownies|cookies|jam|mayonnaise"
    "|beer|a cocktail|lemonade|pho|mashed potatoes|a birthday cake|sourdough|bolognese|guacamole|kimchi"
    "|porridge|scrambled eggs|crepes|a smoothie",
    "topic": "photosynthesis|black holes|quantum physics|evolution|dinosaurs|volcanoes|the French Revolution"
    "|World War II|the Roman Empire|the Middle Ages|climate change|inflation|the stock market|football"
    "|basketball|tennis|chess|yoga|meditation|gardening|photography|jazz|opera|ballet|poetry|philosophy"
    "|psychology|biology|chemistry|geometry|algebra|statistics|electricity|magnetism|gravity|the solar system"
    "|the human heart|vitamins|diabetes|headaches|allergies|insomnia|pregnancy|divorce|tax law|insurance"
    "|mortgages|pensions|bitcoin|blockchain|robots|self-driving cars|electric cars|airplanes|trains|bridges"
    "|architecture|fashion|make-up|tattoos|horses|cats|dogs|whales|bees|spiders|roses|oak trees|mushrooms"
    "|coffee|tea|wine|cheese|chocolate|fishing|hunting|skiing|surfing|sailing|knitting|origami|astrology"
    "|dreams|religion|Buddhism|Islam|Christianity|Greek mythology|Vikings|pirates|knights|samurai|pyramids"
    "|DNA|viruses|bacteria|vaccines|antibiotics|cancer|migraine|depression|atoms|molecules|entropy|relativity"
    "|plate tectonics|democracy|communism|capitalism|the United Nations|the European Union|Brexit|elections"
    "|the Cold War|slavery|feudalism|Baroque music|impressionism|surrealism|Gothic cathedrals|steam engines"
    "|nuclear power|solar panels|wind turbines|recursion|binary search|Kubernetes|regular expressions"
    "|object-oriented programming|compilers|machine learning|neural networks|prime numbers|fractals"
    "|probability|the Pythagorean theorem|supply and demand|marketing|tectonics|origin of life"
    "|the water cycle|earthquakes|hurricanes|glaciers|coral reefs|penguins|kangaroos|tigers|elephants",
    "thing": "car|bicycle|washing machine|dishwasher|phone|laptop|printer|television|camera|guitar|piano|violin|sofa"
    "|lamp|roof|window|door|fridge|toaster|boiler|garden|lawn|tooth|knee|back|dog|cat|hamster|parrot|horse"
    "|baby|toddler|shirt|shoe|tie|passport|visa|driving licence|tax return|rent|mortgage|bank account"
    "|credit card|parcel|flight|train ticket|hotel|umbrella|tent|boat|motorbike|tyre|battery|router|TV"
    "|headphones|coffee machine|vacuum cleaner|drill|hammer",
    "lang": "German|French|Spanish|Italian|Portuguese|Polish|Russian|Japanese|Chinese|Arabic|Latin|Greek|Turkish"
    "|Dutch|Swedish|Czech|Korean|Hindi|Finnish|Danish|Hungarian|Hebrew",
    "code": "Python|JavaScript|Java|C++|Rust|Go|SQL|Bash|PHP|Ruby|Excel|HTML|CSS|TypeScript|Kotlin|Haskell|R|MATLAB",
    "doc": "poem|essay|story|letter|email|speech|song|haiku|limerick|report|summary|cover letter|CV|toast|novel"
    "|dialogue|blog post|press release|tweet|screenplay|fairy tale|sonnet|thank-you note|job advert|complaint"
    "|invitation|slogan",
    "sport": "football|tennis|basketball|hockey|cricket|rugby|golf|handball|Formula 1|cycling|swimming|boxing|baseball",
    "job": "doctor|lawyer|plumber|teacher|nurse|pilot|carpenter|accountant|dentist|electrician|engineer|chef|gardener",
    "word": "serendipity|hello|good morning|I love you|cheese|tree|computer|thank you|butterfly|window|goodbye|apple",
    "verbish": "repair|clean|sell|buy|paint|insure|renew|cancel|choose|register|replace|assemble|wash|feed|train|store",
    "who": "my mother|my son|my daughter|my wife|my husband|a friend|my uncle|my landlord|my teacher|a customer"
    "|a client",
    "odd": "florbix|quandrel|zibblewock|trantor|mipso|grelk|vorpal|snarfle|plimsy|wuzzle|krandom|oblitz|tavoni|perquil",
    "num": "1871|1492|2010|1066|1989|1914|1776|44 BC|1963|2001|1815|1683|1453|1848|1999|1605",
}
"""Alternatives by name."""
