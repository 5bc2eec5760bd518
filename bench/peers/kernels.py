# NumPy's products by OpenBLAS on one thread: microseconds a call, medians. OPENBLAS_NUM_THREADS=1 python3 kernels.py [SIZES]; with OPENBLAS_CORETYPE=Haswell without AVX-512.
import statistics
import sys
import time

import numpy as np

for dtype in ("float32", "float64"):
    for n in map(int, (sys.argv[1] if len(sys.argv) > 1 else "4,8,16,32,64,128,256,512,1024").split(",")):
        a = np.sin(np.arange(n * n)).reshape(n, n).astype(dtype)
        b, c = a.copy(), a.copy()
        calls = max(1, int(2e7 / (2 * n**3 + 1000)))
        times = []
        for _ in range(15):
            begin = time.perf_counter()
            for _ in range(calls):
                np.matmul(a, b, out=c)
            times.append((time.perf_counter() - begin) * 1e6 / calls)
        us = statistics.median(times)
        print(f"{dtype} {n}: {us:.3f} µs ({2 * n**3 / us / 1000:.1f}/ns)", flush=True)
