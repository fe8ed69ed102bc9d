"""The options of a select: written in one go, escaped like everything else."""

from groundswell.web.templatetags.house import options


def test_the_chosen_one_is_selected_and_no_other():
    assert options([("A", "Ada"), ("B", "Béla")], "B") == (
        '<option value="A">Ada</option><option value="B" selected>Béla</option>'
    )


def test_a_name_is_text_whatever_stands_in_it():
    written = options([('"><script>', "{0} & <b>")], "none")
    assert written == '<option value="&quot;&gt;&lt;script&gt;">{0} &amp; &lt;b&gt;</option>'


def test_no_choices_are_no_options():
    assert options([]) == ""
