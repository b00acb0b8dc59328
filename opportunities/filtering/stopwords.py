"""Function words of the languages that sources come in.

They carry no topic, so the filter drops them; how many of them a text holds tells its language.
"""

_WORDS = {
    "en": "a about above after all also an and any are as at be been being between both but by can could do does "
    "during each either etc for from had has have he her his how if in into is it its may more most must no "
    "nor not of on or other our out over per shall she should so some such than that the their them then "
    "there these they this those through to under until up upon us was we were what when where whether which "
    "while who will with within without would you your",
    "sv": "alla allt att av bara bland blir bli både de dem den denna deras dess dessa det detta dig din ditt dock "
    "du då där efter eller en ett finns från får för genom ha hade han har hela hon hur i inom inte ja jag "
    "kan kommer man med mellan men mer mot mycket ni något några när och också om på samt sig sin sina ska "
    "skall som så till under upp ut utan vad var vara varit vi vid vilka vår våra är även än åt över",
    "da": "af alle alt at blev blive bliver da de dem den denne der deres det dette dig din disse du efter eller en "
    "end er et for fra få ham han har havde hun hvad hvis hvor ikke ind jeg kan kun man med meget mellem men "
    "mere mod må nogle nu når og også om op os over på samt selv sig sin skal som så til ud uden under var "
    "ved vi vil være vores",
    "no": "alle at av bare ble bli blir da de den denne der deres det dette dig din disse du eller en enn er et "
    "etter for fra få ha hadde han har hun hva hvis hvor ikke inn jeg kan kun man med meg mellom men mer mot "
    "må noe noen nå når og også om opp oss over på samt seg sin skal som så til ut uten under var ved vi vil "
    "være vår",
    "fi": "ei eivät eli ennen että hän he ilman itse ja jo joka jos jotka kanssa kuin kun kuten me mikä mitä mukaan "
    "mutta myös ne niiden noin nyt näiden nämä oli olla on ovat osa sekä se sen siitä sitä tai tämä tämän "
    "vain voi voidaan yli",
    "et": "aga alates alla ei enne et ja juba jooks kas kes kogu koos kui kuid kuidas kõik ka läbi meie mis mitte "
    "mida mõne nad nagu need ning nii oli olema on oma peale pärast see seda selle siis sisse ta tema tuleb "
    "üle võib või",
    "de": "aber alle als am an auch auf aus bei bis da dabei damit das dass dem den der deren des die dies diese "
    "dieser durch ein eine einem einen einer eines er es für gegen haben hat hier ihr ihre im in ist kann "
    "können mehr mit nach nicht noch nur oder ohne sehr sein seine sich sie sind so sowie über um und uns "
    "unsere unter vom von vor was wenn werden wie wir wird wurde zu zum zur zwischen",
    "nl": "aan al alle als bij dan dat de deze die dit door een en er geen haar heeft het hij hun ik in is kan "
    "kunnen maar meer met mijn naar niet nog of om onder ons onze ook op over te tegen tot tussen uit van "
    "veel voor waar wat wel werd wij wordt worden zal ze zich zij zijn zoals zonder",
    "fr": "afin ainsi alors au aucun aussi autre aux avec ce ces cet cette chez comme dans de des dont du elle "
    "elles en entre est et eux il ils je la le les leur leurs lors mais même ne nos notre nous on ont ou où "
    "par pas plus pour qu que qui sa sans se ses si son sont sous sur tous tout toute très un une vos votre "
    "vous été être",
    "es": "al algo ante como con contra cual cuando de del desde donde durante e el ella ellos en entre era es esta "
    "este estos está están fue ha han hasta la las le les lo los más me mediante mi muy no nos o otra otro "
    "para pero por porque que quien se según ser si sido sin sobre son su sus también tanto tiene todo todos "
    "un una uno unos y ya",
    "it": "ad agli ai al alla alle anche che chi ci come con cui da dal dalla dalle dei del della delle degli dello "
    "di e ed era essere gli ha hanno i il in io la le lo loro ma mentre nei nel nella nelle noi non o ogni "
    "per più quale quando quello questa questo se senza si sia sono su sul sulla sui suo tra tutti tutto un "
    "una uno",
    "pt": "à ao aos as até com como da das de desde do dos e ela ele em entre era essa esse esta este foi há isso "
    "isto já lhe mais mas me mesmo muito na nas nem no nos não o os ou para pela pelo pelos por qual quando "
    "que quem se sem ser seu seus são só sobre sua suas também tem um uma umas uns é",
    "pl": "a aby ale być bardzo bez był była było były co czy dla do gdy i ich ile im jak jako je jego jej jest "
    "jeszcze już kiedy która które którego której który których lub ma mają może na nad nie niż o od oraz po "
    "pod poprzez przed przez przy są się także tak te tego tej ten to tu tylko tym w we wraz wszystkie z za "
    "ze że",
    "lt": "apie ar arba be bei bet bus buvo dėl iki ir iš į jei jie jo jos ją kad kai kaip kas kuri kurie kuris nei "
    "ne nuo o pagal per po prie su tai taip tarp tik už yra",
    "lv": "ar arī bet bija būs caur ir ja jau jo kā ka kad kas kuri kurš lai līdz ne nav no pa par pēc pie pret šī "
    "šis tā tas tie to un uz vai var zem",
    "cs": "a aby ale ani bude by být byl byla bylo co do i jako je jeho jejich jen jsou k kde kdy když která které "
    "který mezi na nebo není o od po pod podle pro před při s se si tak také tato ten to u v ve více z za ze "
    "že",
    "hu": "a az azt be csak de egy ehhez el és ez ezt hogy ha is itt kell ki le még meg mint nem olyan össze s "
    "szerint több után vagy vagyis van volt",
    "ro": "a acest această al ale am ar asupra au ca care ce cel cele cu cât când de din dintre după este eu fi fie "
    "fiind în între la lor mai nu o pe pentru prin sau se sunt sub să și un una unei unui",
}

STOPWORDS: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _WORDS.items()}
