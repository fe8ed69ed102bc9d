"""Whoever holds an office can use every page of hers: on a phone and at a desk, light and dark, enlarged."""

import pytest
from codes import give_code
from furnishing import BRANCH, PAGES, furnish, preview_a_split
from judging import BROKEN, LONELY, SMALL, TOO_WIDE
from shots import OPEN
from shots import PAGES as SHOTS

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 900}
LOOKS = ((PHONE, "light"), (DESK, "dark"))
OTHER_LOOKS = ((PHONE, "dark"), (DESK, "light"))


@pytest.fixture(scope="module")
def furnished(changed, site, browser, work, tmp_path_factory):
    """Furnish the demo once for this file; return the numbers that addresses need, and who signs in where."""
    contexts = []

    def sign_in(office, unit):
        account = site.sign_ins[office, unit]
        context = browser.new_context(viewport=DESK, locale="en-GB")
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(site.address + "/accounts/login/")
        page.get_by_label("E-mail").fill(account.email)
        page.get_by_label("Password").fill(account.password)
        page.locator("main").get_by_role("button", name="Sign in").click()
        give_code(page, account.totp_secret)
        return page

    yield furnish(site.address, sign_in, tmp_path_factory.mktemp("lists"), work)
    for context in contexts:
        context.close()


def judge(page, axe, path, found, looks=LOOKS):
    """Add what is wrong with a page that is open, in each of the looks."""
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        found += [f"{path} {size['width']} {scheme}: {one}" for one in axe(page)]
    page.set_viewport_size(PHONE)
    page.evaluate("document.querySelectorAll('main .menu').forEach((one) => { one.open = true; })")
    found += [f"{path} is under a thumb: {one}" for one in page.evaluate(SMALL)]
    found += [f"{path} has a box without words: {one}" for one in page.evaluate(LONELY)]
    found += [f"{path} breaks the word {one} of a button" for one in page.evaluate(BROKEN)]
    for enlarged in ("100%", "200%"):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", enlarged)
        wide = page.evaluate(TOO_WIDE)
        if wide > 0:
            found.append(f"{path} with text of {enlarged} is {wide} px too wide")


@pytest.mark.journey
@pytest.mark.parametrize(("office", "unit"), PAGES)
def test_every_page_of_an_office_is_for_everybody(visit, axe, furnished, office, unit):
    window = visit(390, 844, has_touch=True, reduced_motion="reduce")
    page = window.sign_in(office, unit)
    found = []
    for path in PAGES[office, unit].values():
        judge(window.go(path.format(**furnished)), axe, path, found)
    if (office, unit) == ("secretary", "GB"):
        preview_a_split(window.site.address, page)
        judge(page, axe, "the preview of a split", found)
    assert not found, "\n".join(found)
    window.check()


@pytest.mark.journey
@pytest.mark.parametrize("language", ["en-GB", "de-DE"])
def test_on_the_smallest_phone_the_front_breaks_no_word_and_keeps_within_its_edges(visit, language):
    window = visit(320, 640, has_touch=True, is_mobile=True, locale=language)
    page = window.go("/")
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(TOO_WIDE) <= 0
    window.check()


@pytest.mark.drill
@pytest.mark.parametrize(("office", "unit"), PAGES)
def test_every_page_also_in_its_other_looks(visit, axe, furnished, office, unit):
    window = visit(390, 844, has_touch=True, reduced_motion="reduce")
    window.sign_in(office, unit)
    found = []
    for path in PAGES[office, unit].values():
        judge(window.go(path.format(**furnished)), axe, path, found, OTHER_LOOKS)
    assert not found, "\n".join(found)
    window.check()


# The longest words of the house on the smallest phones, with text as large as a phone makes it.
NARROW = (320, 360)
ANYBODYS = ("/", "/me/", "/units/", "/accounts/factors/", "/accounts/sessions/", "/accounts/password/")
OVER = """(() => {
  const edge = document.documentElement.clientWidth, found = [];
  for (const one of document.querySelectorAll("main *, .thumbs *, .top *")) {
    const box = one.getBoundingClientRect();
    if (box.width && (box.right > edge + 0.5 || box.left < -0.5) && !one.closest("svg, .unseen"))
      found.push(`${Math.round(box.right - edge)} px: ${one.outerHTML.slice(0, 90)}`);
  }
  return found.slice(-2);
})()"""


def too_wide_in_german(window, office, pages):
    """Return which of the pages run over an edge, and what of them."""
    page, found = window.page, []
    page.context.set_extra_http_headers({"Accept-Language": "de"})
    for path in pages:
        window.go(path)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 640})
            for enlarged in ("100%", "200%"):
                page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", enlarged)
                if (wide := page.evaluate(TOO_WIDE)) > 0:
                    what = page.evaluate(OVER)
                    found.append(f"{office} {path} {width} px, text {enlarged}: {wide} px too wide: {what}")
    return found


@pytest.mark.journey
def test_the_chief_pages_keep_within_a_small_phone_in_german_with_large_text(visit, furnished):
    window = visit(320, 640, has_touch=True)
    found = too_wide_in_german(window, "nobody", ["/", "/accounts/login/"])
    window = visit(320, 640, has_touch=True)
    window.sign_in("secretary", "GB")
    sample = ["/", "/people/", "/units/GB/", "/units/proposals/", "/offices/", "/report/"]
    found += too_wide_in_german(window, "secretary", sample)
    assert not found, "\n".join(found)


@pytest.mark.drill
@pytest.mark.parametrize(
    ("office", "unit"), [*PAGES, ("treasurer", "GB"), ("treasurer", "INT"), ("member", BRANCH)]
)
def test_every_page_keeps_within_a_small_phone_in_german_with_large_text(visit, furnished, office, unit):
    window = visit(320, 640, has_touch=True)
    window.sign_in(office, unit)
    pages = [*ANYBODYS, *(path.format(**furnished) for path in PAGES.get((office, unit), {}).values())]
    if (office, unit) == ("secretary", "INT"):
        pages += [path for name, path in SHOTS.items() if name not in {*OPEN, "missing"}]
    found = too_wide_in_german(window, f"{office} {unit}", dict.fromkeys(pages))
    assert not found, "\n".join(found)


@pytest.mark.drill
def test_every_open_page_keeps_within_a_small_phone_in_german_with_large_text(visit):
    pages = ("/", "/published/", "/accounts/login/", "/accounts/link/", "/accounts/code/", "/units/INT/")
    found = too_wide_in_german(visit(320, 640, has_touch=True), "nobody", pages)
    assert not found, "\n".join(found)
