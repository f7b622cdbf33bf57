from secondlevel.base.names import hint, listed, nearest, short


def test_of_many_names_the_first_are_listed():
    assert listed("abc") == "a, b, c"
    assert listed(range(11)) == "0, 1, 2, 3, 4, 5, 6, 7 and 3 more"
    assert listed(range(1_000_008)).endswith("7 and 1,000,000 more")
    assert len(listed("x" * n for n in range(1000, 1020))) < 1000


def test_long_texts_are_cut_and_lines_are_one():
    assert short("a\n b\u2028c") == "a b c"
    assert short("x" * 100) == "x" * 100
    assert short("x" * 101) == "x" * 97 + "..."


def test_the_nearest_name_is_offered_if_one_is_near():
    assert nearest("Age", ["sex", "age", "iq"]) == "age"
    assert nearest("fluencey", ["fluency", "age"]) == "fluency"
    assert nearest("iq", ["participant_id", "group"]) is None
    assert hint("grp", ["group", "site"]) == "; did you mean 'group'?"
    assert hint("iq", ["group", "site"]) == "."
