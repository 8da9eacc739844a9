import pytest

from forecast.case.competition import read_as_league, scope_of

LEAGUES = [
    *("Premier League", "English Premier League", "EPL", "La Liga", "LaLiga EA Sports", "Serie A", "Série A", "Bundesliga"),
    *("2. Bundesliga", "Ligue 1", "Eredivisie", "Primeira Liga", "Liga Portugal", "Scottish Premiership", "MLS"),
    *("EFL Championship", "Championship", "Sky Bet Championship", "League One", "League Two", "EFL League One"),
    *("National League", "National League North", "Süper Lig", "Jupiler Pro League", "First Division A", "3. Liga"),
    *("Women's Super League", "Primera División", "LaLiga2", "Campeonato Brasileiro", "Saudi Pro League", "J1 League"),
]  # fmt: skip
EUROPE = [
    *("Champions League", "UEFA Champions League", "champions league", "UCL", "ucl", "UEL", "UECL", "Europa League"),
    *("UEFA Europa League", "Conference League", "UEFA Europa Conference League", "UEFA Super Cup", "European Super Cup"),
    *("UEFA Cup", "European Cup", "Champions League qualifying", "Women's Champions League", "UEFA Women's Champions League"),
    *("Ligue des Champions", "Liga dos Campeões", "Liga de Campeones", "UEFA Youth League", "Champions-League", "Europa"),
    *("AFC Champions League", "AFC Champions League Elite", "CAF Champions League", "OFC Champions League"),
]  # fmt: skip
CUPS = [
    *("FA Cup", "The Emirates FA Cup", "fa cup", "FA Cup qualifying", "EFL Cup", "League Cup", "Carabao Cup", "Carabao"),
    *("EFL Trophy", "Copa del Rey", "COPA DEL REY", "DFB-Pokal", "DFB Pokal", "Coppa Italia", "Coupe de France"),
    *("Coupe de la Ligue", "KNVB Beker", "KNVB-beker", "Taça de Portugal", "Taca de Portugal", "Taça da Liga"),
    *("Scottish Cup", "Scottish League Cup", "Community Shield", "FA Community Shield", "Supercopa", "Supercopa de España"),
    *("Supercoppa Italiana", "DFL-Supercup", "Trophée des Champions", "Johan Cruijff Schaal", "Türkiye Kupas\N{LATIN SMALL LETTER DOTLESS I}", "cup"),
    *("Puchar Polski", "Kubok Rossii", "Hrvatski kup", "MOL Pohár", "Svenska Cupen", "DBU Pokalen", "Cupa României", "ÖFB-Cup", "Copa do Brasil", "Women's FA Cup"),
    *("Premier League Cup", "Supertaça", "US Open Cup", "Welsh Cup", "Schweizer Cup", "Greek Cup", "Copa de la Reina"),
]  # fmt: skip
OTHERS = [
    *("World Cup", "FIFA World Cup", "FIFA Club World Cup", "World Cup qualifier", "UEFA World Cup qualifying"),
    *("Africa Cup of Nations", "AFCON", "African Nations Championship", "Copa America", "Copa América", "Gold Cup"),
    *("CONCACAF Gold Cup", "Asian Cup", "AFC Asian Cup", "Nations League", "UEFA Nations League", "Euro 2028 qualifier"),
    *("UEFA Euro 2028", "European Championship", "Eurocopa", "Coupe du Monde", "Coupe d'Afrique des Nations", "Finalissima"),
    *("Copa Mundial", "Copa del Mundo", "Olympics", "International", "international friendly", "Friendly", "Club Friendlies"),
    *("Joan Gamper Trophy", "FIFA Intercontinental Cup", "CONCACAF Champions Cup", "Copa Libertadores", "a test match", "X", "中超"),
]  # fmt: skip


@pytest.mark.parametrize("change", [str, str.upper, str.lower, "  {} ".format])
@pytest.mark.parametrize(
    ("names", "scope", "noted"),
    [(LEAGUES, "league", False), (EUROPE, "europe", False), (CUPS, "cup", False), (OTHERS, "league", True)],
    ids=["leagues", "europe", "cups", "others"],
)
def test_the_name_says_the_scope(names, scope, noted, change):
    found = {name: (scope_of(change(name)), read_as_league(change(name))) for name in names}
    assert found == dict.fromkeys(names, (scope, noted))


@pytest.mark.parametrize("name", [None, "", "  ", " - "])
def test_a_blank_is_a_league_without_a_note(name):
    assert (scope_of(name), read_as_league(name)) == ("league", False)


@pytest.mark.parametrize("name", ["Cupar v Brechin", "Leaguer", "Bekerstraat", "Scholarship"])
def test_a_part_of_a_word_says_nothing(name):
    assert (scope_of(name), read_as_league(name)) == ("league", True)
