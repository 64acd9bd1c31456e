import { readFileSync } from 'node:fs';

/**
 * Loaded into a process ahead of all else (`node --import`): its clock is off by the milliseconds that the file of
 * `MOVED_CLOCK_FILE` holds, which it looks up again while it runs. Timers go on as they are.
 */
const FILE = process.env['MOVED_CLOCK_FILE'] ?? '';
const LOOK_MS = 100;

const trueNow = Date.now;
let offMs = 0;
let lookedAt = Number.NEGATIVE_INFINITY;

const now = (): number => {
  if (performance.now() - lookedAt > LOOK_MS) {
    lookedAt = performance.now();
    offMs = Number(readFileSync(FILE, 'utf8'));
  }
  return trueNow() + offMs;
};

globalThis.Date = new Proxy(Date, {
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
