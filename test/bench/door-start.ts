import { gzipSync } from 'node:zlib';
import { bundleOf, listFunctions } from '../../infra/constructs/function-bundles.ts';
import { startLambdaSandbox } from '../support/lambda-sandbox.ts';
import { below, type Measure, noted, type Table } from './measure.ts';
import { summarise } from './quantiles.ts';

const STARTS = 20;
const DOOR = 'deployment/receive-webhook';

/** A sender waits for the first answer of a new sandbox, so the door must start fast; and what each Lambda carries. */
export const doorStart: Measure = {
  name: 'door-start',
  about: `${STARTS} cold starts of the door's bundle, each in a process of its own; sizes of all bundles`,
  run: async (bench) => {
    const initMs: number[] = [];
    for (let index = 0; index < STARTS; index++) {
      const sandbox = await startLambdaSandbox(DOOR, {
        configuration: CONFIGURATION,
        environment: ENVIRONMENT,
      });
      initMs.push(sandbox.initMs);
      await sandbox.stop();
    }
    const { p50, p95 } = summarise(initMs);
    bench.say(`the door starts in ${Math.round(p50)} ms`);
    return {
      rows: [
        below('the door’s cold start: bundle loaded and wired', 150, 'ms', { p50, p95 }),
        below('the door’s bundle', 250, 'KB', bundleOf(DOOR).module.byteLength / 1_000),
        noted('all bundles', `${listFunctions().length} Lambdas, sizes below`),
      ],
      tables: [listSizes()],
    };
  },
};

const listSizes = (): Table => ({
  title: 'What each Lambda carries',
  header: ['Lambda', 'KB', 'KB compressed'],
  rows: listFunctions()
    .map((entry) => ({ entry, bundle: bundleOf(entry).module }))
    .sort((a, b) => a.bundle.byteLength - b.bundle.byteLength)
    .map(({ entry, bundle }) => [entry, inKilobytes(bundle), inKilobytes(gzipSync(bundle))]),
});

const inKilobytes = (bytes: Uint8Array): string => String(Math.round(bytes.byteLength / 1_000));

const CONFIGURATION = {
  version: 1,
  sites: { main: { account: '111122223333', region: 'eu-central-1' } },
  registries: { main: { host: 'registry.example.com', url: 'https://registry.example.com' } },
  sources: {
    registry: { kind: 'distribution', registry: 'main', auth: { type: 'bearer', secret: 'drydock/hook' } },
  },
  deployment: { targets: { web: { image: 'registry.example.com/shop/web' } } },
};

const ENVIRONMENT = {
  EVENT_QUEUE_URL: 'http://127.0.0.1:9/000000000000/drydock-events',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  NODE_OPTIONS: '--enable-source-maps',
};
