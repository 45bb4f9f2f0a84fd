"""An error names the thing wherever it is raised."""

import pickle

import pytest

from zhubao.access.actors import OutOfScope
from zhubao.errors import ZhubaoError
from zhubao.language import Text


@pytest.mark.parametrize(
    "error",
    [
        ZhubaoError("E-A", Text("错", "wrong"), place="第 3 行", remedy=Text("改正", "put it right")),
        OutOfScope("L1", Text("不在管辖范围", "out of scope")),
    ],
    ids=["一般", "超出范围"],
)
def test_an_error_of_another_process_says_the_same(error: ZhubaoError) -> None:
    carried = pickle.loads(pickle.dumps(error))
    assert (type(carried), carried.message("zh"), str(carried)) == (type(error), error.message("zh"), str(error))
