# SPDX-License-Identifier: Apache-2.0
import pytest

from scene import Keys, Scene
from stub import Authority, Stub


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)


@pytest.fixture
def keys(request):
    return Keys(request.node.name)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def stub(authority):
    with Stub(authority) as server:
        yield server
