import { request } from 'node:http';
import process from 'node:process';
import { parseArgs } from 'node:util';

/**
 * Plays curl for one question: the status of a page of a Service of the same namespace. No name is looked up; all
 * Services are at the port that `TOOLBOX_WEB_PORT` names. TLS it does not speak, as Workhorse does not unless told.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean' },
    insecure: { type: 'boolean' },
    output: { type: 'string' },
    'max-time': { type: 'string' },
    'write-out': { type: 'string' },
    header: { type: 'string', multiple: true },
  },
});

/** curl(1): couldn't connect, and a problem with TLS. */
const UNREACHABLE = 7;
const NO_TLS = 35;

const ask = (url: URL): Promise<number | undefined> =>
  new Promise((resolve) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: Number(process.env['TOOLBOX_WEB_PORT']),
        path: url.pathname,
        headers: {
          ...Object.fromEntries((values.header ?? []).map((line) => line.split(/:\s*/, 2))),
          host: `${url.hostname}.${process.env['TOOLBOX_NAMESPACE']}`,
        },
        signal: AbortSignal.timeout(Number(values['max-time'] ?? '60') * 1_000),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.on('error', () => resolve(undefined));
    asked.end();
  });

const url = new URL(positionals[0] ?? '');
const status = url.protocol === 'http:' ? await ask(url) : undefined;
process.stdout.write(
  (values['write-out'] ?? '').replace('%{http_code}', String(status ?? 0).padStart(3, '0')),
);
if (status === undefined) process.exitCode = url.protocol === 'http:' ? UNREACHABLE : NO_TLS;
