# scikit-learn's defaults on the folds that run.ts has written: boosting, random forest, a network with scaled target, and a linear model. One thread.
#   python3 rivals.py FOLDS.json   prints a line of JSON for each table, rival, seed and fold: its error (share that is wrong, or RMSE / standard deviation) and seconds of computing of the fit.
import json, os, sys, time, warnings
os.environ.update(OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1')
warnings.filterwarnings('ignore')
import numpy as np, pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, OrdinalEncoder, StandardScaler

for d in json.load(open(sys.argv[1])):
    df = pd.read_csv(d['file'])
    df = df[df[d['target']].notna()].reset_index(drop=True)
    assert len(df) == d['rows']
    y, X = df[d['target']], df.drop(columns=[d['target'], *d['ignore']])
    classes = d['task'] == 'classification'
    y = LabelEncoder().fit_transform(y.astype(str)) if classes else y.to_numpy(float)
    num = [c for c in X if pd.api.types.is_numeric_dtype(X[c]) and X[c].dtype != bool]
    cat = [c for c in X if c not in num]
    for c in cat: X[c] = X[c].astype(str).where(X[c].notna(), 'missing')
    def prepared(scale):
        numbers = make_pipeline(SimpleImputer(strategy='median', add_indicator=True), *([StandardScaler()] if scale else []))
        return ColumnTransformer([('n', numbers, num), ('c', OneHotEncoder(handle_unknown='ignore', sparse_output=False), cat)])
    def boosting():
        codes = ColumnTransformer([('n', 'passthrough', num), ('c', OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=np.nan), cat)])
        kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
        return make_pipeline(codes, kind(random_state=0, categorical_features=list(range(len(num), len(num) + len(cat)))))
    rivals = {
        'boosting': boosting,
        'forest': lambda: make_pipeline(prepared(False), (RandomForestClassifier if classes else RandomForestRegressor)(random_state=0)),
        'network': lambda: make_pipeline(prepared(True), MLPClassifier(random_state=0) if classes else TransformedTargetRegressor(MLPRegressor(random_state=0), transformer=StandardScaler())),
        'linear': lambda: make_pipeline(prepared(True), LogisticRegression(max_iter=2000) if classes else Ridge()),
    }
    for seed, folds in enumerate(d['folds']):
        for fold, test in enumerate(folds):
            held = np.zeros(len(y), bool)
            held[test] = True
            for name, make in rivals.items():
                model, begin = make(), time.process_time()
                model.fit(X[~held], y[~held])
                seconds, predicted = time.process_time() - begin, model.predict(X[held])
                error = float((predicted != y[held]).mean()) if classes else float(np.sqrt(((predicted - y[held]) ** 2).mean()) / y.std())
                print(json.dumps(dict(table=d['name'], rival=name, seed=seed, fold=fold, error=error, seconds=seconds)), flush=True)
