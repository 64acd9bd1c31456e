import { expect, test } from 'vitest';
import { openKubernetesReader } from '../../functions/clients/kubernetes-reader-open.ts';
import { startCannedApiServer, statusAnswer } from '../support/canned-api-server.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

const PODS = { group: '', version: 'v1', resource: 'pods', namespaced: true };
const ATTEMPTS = 3;

/** A reader whose connection is looked up for each attempt, and leads nowhere while `gone`. */
const openReader = async (answer: Parameters<typeof startCannedApiServer>[0]) => {
  const server = await startCannedApiServer(answer);
  const clock = createFixedClock();
  const state = { gone: false, attempts: 0 };
  const connection = {
    ...server.connection,
    config: () => {
      state.attempts += 1;
      return state.gone ? Promise.reject(new TypeError('fetch failed')) : server.connection.config();
    },
  };
  const reader = openKubernetesReader(connection, clock);
  const ask = () =>
    reader.listMetadata({ resource: PODS }).then(
      () => 'answered',
      (error: { code?: string }) => error.code,
    );
  return { server, clock, state, ask };
};

const empty = () => ({ body: { metadata: {}, items: [] } });

test('an API server that never answers is asked twice, and then left alone for a minute', async () => {
  const { server, clock, state, ask } = await openReader(empty);
  state.gone = true;
  expect(await ask()).toBe('kubernetes.unreachable');
  expect(await ask()).toBe('kubernetes.unreachable');
  expect(state.attempts).toBe(2 * ATTEMPTS);
  expect(await ask()).toBe('kubernetes.unreachable');
  expect(state.attempts).toBe(2 * ATTEMPTS);
  state.gone = false;
  clock.advance(60_000);
  expect(await ask()).toBe('answered');
  await server.stop();
});

test('one silence between answers counts for nothing', async () => {
  const { server, state, ask } = await openReader(empty);
  for (let round = 0; round < 3; round++) {
    state.gone = true;
    expect(await ask()).toBe('kubernetes.unreachable');
    state.gone = false;
    expect(await ask()).toBe('answered');
  }
  await server.stop();
});

test('an API server that refuses or is busy is there, and is asked each time', async () => {
  const { server, state, ask } = await openReader(() => statusAnswer(403, 'pods is forbidden'));
  for (let round = 0; round < 4; round++) expect(await ask()).toBe('kubernetes.forbidden');
  expect(state.attempts).toBe(4);
  await server.stop();
});
