"""The page of a unit: its answer in figures at the top; its lineage as a sentence, a drawing and lists."""

import re

DAY = {"day": "2024-07-01"}


def page_of(client, code, query=""):
    return client.get(f"/units/{code}/{query}").content.decode()


def plain(source):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source)).strip()


def head_of(page):
    return plain(page.split('class="pagehead"', 1)[1].split("</h1>", 1)[1].split("</div>", 1)[0])


def lineage_of(page):
    return page.split('aria-labelledby="lineage-head"', 1)[1].split("</section>", 1)[0]


def sentence_of(page):
    return plain(re.search(r'<p class="says">(.*?)</p>', lineage_of(page), re.DOTALL)[1])


def test_a_unit_answers_at_its_top_in_figures_to_whoever_may_read_them(browser_of):
    page = page_of(browser_of("bela"), "TRAM")
    assert re.match(r"[A-Z][a-z-]+ members, \w+ per cent (more|fewer) than a year ago\. ", head_of(page))
    assert head_of(page).endswith("section, Vienna, since 1 January 2000, 2 units in it")
    seen = page_of(browser_of("chidi"), "TRAM")  # a member: figures in fives (decision 0732)
    assert head_of(seen) == (
        "At least ten members at the end of June 2024. section, Vienna, since 1 January 2000, 2 units in it"
    )
    assert head_of(page_of(browser_of("chidi"), "FERRY")).startswith("section, ")  # not hers


def test_the_sentence_of_figures_stands_on_the_page_once(browser_of):
    page = page_of(browser_of("bela"), "TRAM")
    lead = re.search(r'<p class="says">(.*?)</p>', page, re.DOTALL)[1]
    assert page.count(lead) == 1


def test_a_unit_that_never_changed_says_so_in_figures_and_draws_nothing(browser_of):
    page = page_of(browser_of("bela"), "HILL")
    assert sentence_of(page) == "24 years: one name, one kind and one place in the structure."
    assert "chart life" not in page


def test_names_and_kinds_over_time_are_drawn_with_the_years_in_which_they_began(browser_of):
    ferry = page_of(browser_of("sven"), "FERRY")
    assert sentence_of(ferry) == "24 years: two names, one kind and one place in the structure."
    drawn = re.search(r'<svg class="chart life".*?</svg>', ferry, re.DOTALL)[0]
    assert "Names: Ferry Crews’ Union" in drawn.replace("&#x27;", "’").replace("'", "’")
    assert re.findall(r">(\d{4})<", drawn) == ["2000", "2024"]
    assert drawn.count("stretch now") == 3  # the name, the kind and the place of today
    assert sentence_of(page_of(browser_of("ines"), "BUS")).startswith("24 years: one name, two kinds")


def test_the_day_asked_for_counts_nothing_that_came_later(browser_of):
    before = page_of(browser_of("sven"), "FERRY", "?on=2010-01-02")
    assert sentence_of(before) == "10 years: one name, one kind and one place in the structure."
    young = page_of(browser_of("sven"), "FERRY", "?on=2000-03-01")
    assert sentence_of(young) == "Less than a year: one name, one kind and one place in the structure."


def test_the_top_lies_nowhere_and_no_place_is_counted(browser_of):
    assert sentence_of(page_of(browser_of("ines"), "FED")) == "24 years: one name and one kind."


def test_a_split_leads_from_each_unit_to_the_other(browser_of):
    bela = browser_of("bela")
    given = {"name_en": "Valley Line", "code": "VALLEY"} | DAY
    assert bela.post("/units/HILL/split/", given | {"step": "do"}).status_code == 302
    old, new = page_of(bela, "HILL"), page_of(bela, "VALLEY")
    assert re.search(r'What came of it</h3>.*?href="/units/VALLEY/">Valley Line', lineage_of(old), re.DOTALL)
    assert "It came of" not in lineage_of(old)
    assert re.search(r'It came of</h3>.*?href="/units/HILL/">Hill Line', lineage_of(new), re.DOTALL)
    assert sentence_of(old).endswith("one place in the structure and one split or merger.")
    # On a day before it happened it is not counted yet.
    assert "split" not in sentence_of(page_of(bela, "HILL", "?on=2024-06-30"))


def test_a_merger_leads_from_each_unit_to_the_other(browser_of):
    bela = browser_of("bela")
    assert bela.post("/units/HILL/merge/", {"other": "DEPOT", "step": "do"} | DAY).status_code == 302
    assert 'href="/units/DEPOT/"' in lineage_of(page_of(bela, "HILL")).split("What came of it")[1]
    assert 'href="/units/HILL/"' in lineage_of(page_of(bela, "DEPOT")).split("It came of")[1]
    merged = page_of(bela, "HILL")
    assert head_of(merged).endswith("merged into Depot on 1 July 2024")
    assert ("<dt>Merged on</dt>" in merged, "issolved on" in merged) == (True, False)
