// POST /predict { pixels }         → { label, probability }
// POST /learn   { pixels, label }  → { number, loss }: the row's number in the order of learning
// GET  /model                      → the pipeline as a file, for loadPipeline anywhere
export { Learner } from './learner.js';

export default {
  async fetch(request, env) {
    const learner = env.LEARNER.get(env.LEARNER.idFromName('digits'));
    const { pathname } = new URL(request.url);
    try {
      if (request.method === 'POST' && pathname === '/predict') {
        const { pixels } = await request.json();
        return Response.json(await learner.predict(pixels));
      }
      if (request.method === 'POST' && pathname === '/learn') {
        const { pixels, label } = await request.json();
        return Response.json(await learner.learn(pixels, label));
      }
      if (request.method === 'GET' && pathname === '/model') return new Response(await learner.save());
      return new Response('POST /predict, POST /learn or GET /model', { status: 404 });
    } catch (error) {
      // Such as: trainOnBatch: y is 11 in row 0, which is not among the classes 0, 1, …
      return Response.json({ error: error.message }, { status: 400 });
    }
  },
};
