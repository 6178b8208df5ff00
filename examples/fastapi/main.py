"""An iris classifier as most teams first serve one: FastAPI, pandas and scikit-learn, one uvicorn worker. Nothing of Headroom's is in it."""

import pandas as pd
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.datasets import load_iris
from sklearn.tree import DecisionTreeClassifier

COLUMNS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]

iris = load_iris()
names = iris.target_names.tolist()
model = DecisionTreeClassifier(max_depth=3, random_state=42).fit(pd.DataFrame(iris.data, columns=COLUMNS), iris.target)
app = FastAPI()


class Features(BaseModel):
    """A flower, in centimetres."""

    sepal_length: float
    sepal_width: float
    petal_length: float
    petal_width: float


@app.get("/")
def status() -> dict[str, str]:
    return {"status": "ok", "model_status": "loaded"}


@app.post("/predict")
def predict(features: Features) -> dict[str, str]:
    frame = pd.DataFrame([features.model_dump()], columns=COLUMNS)
    return {"prediction": names[model.predict(frame)[0]]}
