// The upstream of the end-to-end tests. What it does is chosen by the request:
// /stream?chunks=20&every=50 streams chunks; /slow?ms=500 answers late; /health follows /control?health=200|503|hang;
// everything else answers what it received as JSON. X-Replica names the container.
import { createServer } from 'node:http';
import { hostname } from 'node:os';

let health = process.env.HEALTH ?? '200';
const replica = hostname();

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://upstream');
  response.setHeader('X-Replica', replica);
  if (url.pathname === '/health') return answerHealth(response);
  if (url.pathname === '/control') {
    health = url.searchParams.get('health') ?? health;
    return response.end();
  }
  if (url.pathname === '/crash') process.exit(1);
  if (url.pathname === '/stream') return stream(response, url.searchParams);
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
  });
  request.on('end', () => {
    const answer = () =>
      response.setHeader('Content-Type', 'application/json').end(
        JSON.stringify({
          replica,
          method: request.method,
          url: request.url,
          headers: request.headers,
          size,
        }),
      );
    setTimeout(answer, Number(url.searchParams.get('ms') ?? 0));
  });
});

function answerHealth(response) {
  if (health === 'hang') return;
  response.statusCode = Number(health);
  response.end();
}

function stream(response, parameters) {
  let left = Number(parameters.get('chunks') ?? 10);
  const timer = setInterval(
    () => {
      left -= 1;
      response.write(`${replica} ${left}\n`);
      if (left > 0) return;
      clearInterval(timer);
      response.end();
    },
    Number(parameters.get('every') ?? 20),
  );
  response.on('close', () => clearInterval(timer));
}

// The default handler of a signal ends process 1 only when there is one: finish what is under way, as uvicorn does.
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
setTimeout(() => server.listen(Number(process.env.PORT ?? 8000)), Number(process.env.LOAD_MS ?? 0));
