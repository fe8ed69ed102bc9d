import pytest

from groundswell.web.middleware import HEADERS, POLICY


@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/nowhere/", "/units/", "/theme.css", "/healthz"]
)
def test_every_answer_carries_the_guards(browser_of, address):
    answer = browser_of("").get(address)
    for name, value in HEADERS.items():
        assert answer[name] == value


def test_the_policy_allows_nothing_inline_nothing_foreign_and_no_eval():
    assert POLICY.startswith("default-src 'none'")
    for word in ("unsafe", "http", "*", "data:", "blob:", "nonce"):
        assert word not in POLICY


def test_what_is_behind_sign_in_is_never_stored_and_the_front_may_be_asked_for_again(browser_of):
    assert browser_of("ines").get("/units/")["Cache-Control"] == "no-store"
    assert browser_of("").get("/")["Cache-Control"] == "no-cache"


def test_the_accent_is_kept_for_ever_under_its_own_address_alone(browser_of):
    page = browser_of("").get("/").content.decode()
    href = page.split('<link rel="stylesheet" href="')[2].split('"')[0]
    assert href.startswith("/theme.css?v=")
    assert "immutable" in browser_of("").get(href)["Cache-Control"]
    assert browser_of("").get("/theme.css?v=old")["Cache-Control"] == "no-cache"


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(browser_of):
    ines = browser_of("ines")
    secret = ines.cookies["groundswell"].value
    assert ines.get("/units/").status_code == 200
    answer = ines.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    ines.cookies["groundswell"] = secret
    assert ines.get("/units/").status_code == 302
    answer = ines.get("/accounts/logout/")
    # Whoever is led to such an address after signing in reads what to do, and sees no empty page.
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address only takes what a form sends." in answer.text


def test_no_page_holds_inline_script_or_style(browser_of):
    ines = browser_of("ines")
    for address in ("/", "/units/", "/units/FERRY/", "/map/", "/report/", "/report/drill/", "/nowhere/"):
        page = ines.get(address).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick" not in page
        assert page.count("<script") == page.count("<script src=")
