# SPDX-License-Identifier: Apache-2.0
import pytest

from scene import Keys, Scene


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


@pytest.fixture
def keys(request):
    return Keys(request.node.name)
