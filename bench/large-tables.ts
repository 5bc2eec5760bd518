// Tables of many rows for Python to write, and how it is kept to one thread.

/** Writes classes.csv and numbers.csv with so many rows: 14 numbers and 6 categories; a class, and a number. */
export const LARGE_TABLES = `
import sys, numpy as np, pandas as pd
r = np.random.default_rng(0); n = int(sys.argv[1])
X = r.normal(size=(n, 14)); c = [r.choice(list('abcdefgh')[:k], n) for k in (2, 3, 4, 5, 6, 8)]
y = X[:,0]*2 + np.sin(X[:,1]*2) + X[:,2]*X[:,3] + (c[0]=='a')*1.5 + (c[5]=='c')*X[:,4] + r.normal(size=n)*.7
d = pd.DataFrame(X.round(4), columns=[f'x{i}' for i in range(14)])
for i, k in enumerate(c): d[f'c{i}'] = k
d['y'] = np.where(y > .8, 'hi', 'lo'); d.to_csv('classes.csv', index=False)
d['y'] = y.round(4); d.to_csv('numbers.csv', index=False)
`;

/** The environment in which NumPy and scikit-learn take one thread. */
export const oneThread = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
