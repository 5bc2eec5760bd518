import numpy as np, math
L=np.longdouble
def fit(f, lo, hi, deg, weight, n=4000, iters=60):
    # weighted minimax-ish via Lawson iteration
    t=np.cos(np.pi*(np.arange(n)+.5)/n); x=((lo+hi)/2+(hi-lo)/2*t)
    y=np.array([f(v) for v in x]); w=np.array([weight(v) for v in x]); 
    V=np.vander(x,deg+1,increasing=True)
    l=np.ones(n)/n
    for _ in range(iters):
        s=np.sqrt(l)*w
        c,*_=np.linalg.lstsq(V*s[:,None],y*s,rcond=None)
        e=np.abs((V@c-y)*w); l=l*(e+1e-30); l/=l.sum()
    return c, e.max()
f32=np.float32
def show(name,c,e): print(name, 'err %.3g'%e, [repr(float(f32(v))) for v in c])
# exp: exp(r)=1+r+r^2 q(r)
ln2=math.log(2)
def q(r):
    if abs(r)<1e-4: return .5+r/6+r*r/24+r**3/120
    return (math.expm1(r)-r)/(r*r)
for d in (3,4,5): show('exp q%d'%d,*fit(q,-ln2/2*1.001,ln2/2*1.001,d,lambda r:r*r/math.exp(r)+1e-9))
# log: log(1+f)= f - f^2/2 + f^3 * p(f), f in [sqrt.5-1, sqrt2-1]
def p(f):
    if abs(f)<3e-3:
        return sum((-1)**k*f**k/(k+3) for k in range(8))
    return (math.log1p(f)-f+f*f/2)/f**3
for d in (6,7,8): show('log p%d'%d,*fit(p,math.sqrt(.5)-1,math.sqrt(2)-1,d,lambda f:abs(f**3)/max(abs(math.log1p(f)),1e-9)+1e-9))
# tanh: tanh(x)= x + x*z*P(z), z=x^2, |x|<0.625
def th(z):
    x=math.sqrt(z)
    if z<1e-3: return -1/3+2*z/15-17*z*z/315+62*z**3/2835
    return (math.tanh(x)/x-1)/z
for d in (3,4,5): show('tanh %d'%d,*fit(th,0,0.64**2,d,lambda z:z*1.0+1e-9))
# erf: erf(x)= x + x*P(z), |x|<1
def er(z):
    x=math.sqrt(z)
    if x<1e-6: return 2/math.sqrt(math.pi)-1
    return math.erf(x)/x-1
for d in (5,6,7): show('erf %d'%d,*fit(er,0,1.0,d,lambda z:1/ (er(z)+1)))
def lec(t):  return -math.log(math.erfc(t))
def w(t):
    ec=math.erfc(t); return ec/math.erf(t)
# erfc(x)=exp(-g(x)), x in [1,4]
for d in (6,7,8,9): show('erfc %d'%d,*fit(lec,0.98,3.95,d,w))
