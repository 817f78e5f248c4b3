"""Small specs for the tests of the Python package."""

IRIS = """
bdnn 1
data iris { classes = ["versicolor", "virginica"], scale none }
network { weights in {-1, 0, 1}, hidden 1 }
train { local_search 1s { restarts = 0 } }
"""
WITHOUT_DATA = IRIS.replace(IRIS.splitlines()[2] + "\n", "")
