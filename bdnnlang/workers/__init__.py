"""Jobs that do not depend on each other: done here, in processes of this machine through joblib, or on a cluster through Dask."""
