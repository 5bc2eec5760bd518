// POST /REGION/rows  [{ … }, …]  keeps rows in a region
// POST /REGION/job   a job       trains on the region's rows; see src/message.js
// Whoever may send rows or jobs is yours to say: check a token here.
export { Region } from './region.js';

export default {
  async fetch(request, env) {
    const [, name, what] = new URL(request.url).pathname.split('/');
    if (request.method !== 'POST' || !name || (what !== 'rows' && what !== 'job'))
      return new Response('POST /REGION/rows or /REGION/job', { status: 404 });
    const region = env.REGION.get(env.REGION.idFromName(name));
    try {
      if (what === 'rows') return Response.json({ batches: await region.add(await request.json()) });
      return new Response(await region.run(await request.arrayBuffer()));
    } catch (error) {
      return new Response(error.message, { status: 400 });
    }
  },
};
