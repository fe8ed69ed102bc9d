"""What a page is judged by, whoever opens it: its width, what a thumb meets, words broken in two."""

# Words of buttons that the end of a line breaks in two; addresses are no words.
BROKEN = """[...document.querySelectorAll(".button:not(.way > *)")].flatMap((one) => {
  if (!one.offsetParent) return [];
  const found = [], walk = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) for (const word of walk.currentNode.data.matchAll(/[^\\s-]+/g)) {
    const range = document.createRange();
    range.setStart(walk.currentNode, word.index);
    range.setEnd(walk.currentNode, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
  }
  return found;
})"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What a thumb is to meet and is smaller than it should be: chief controls, not the words of a text.
SMALL = """[...document.querySelectorAll(
  "main .button:not(.plain), main input:not([type=hidden], [type=radio], [type=checkbox]), main select,"
  + "main a.tag, main summary, main .menu a, main label:has(input), main .crumbs a, main .summary a,"
  + "main .cards th > a"
)].filter((one) => one.offsetParent &&
  one.getBoundingClientRect().height < (one.matches("a:not(.tag)") ? 44 : 46))
  .map((one) => one.outerHTML.slice(0, 120))"""
# Boxes to tick that nobody can press but in themselves: their words are not theirs.
LONELY = """[...document.querySelectorAll("main :is(input[type=checkbox], input[type=radio])")]
  .filter((one) => one.offsetParent && !one.closest("label")).map((one) => one.outerHTML.slice(0, 120))"""
