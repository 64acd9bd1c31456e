import { beginDrill } from '../../../functions/backup/drill/drill-life.ts';
import type { ScalableWorkload } from '../../../functions/clients/kubernetes-scaling.ts';
import type { DrillRun } from '../../../functions/records/backup/drill.ts';
import type { PlaceIdentity, UsedPlace } from '../../../functions/records/backup/drill-place.ts';
import type { DrillProof } from '../../../functions/records/backup/drill-proof.ts';
import type { Execution } from '../../../functions/records/execution.ts';

export const NOW = new Date('2026-03-01T12:00:00.000Z');

export const buildDrillExecution = (name = 'drill-1'): Execution => ({
  name,
  arn: `arn:aws:states:eu-central-1:111122223333:execution:restore-drill:${name}`,
  startedAt: NOW.toISOString(),
});

export const buildPlace = (change: Partial<PlaceIdentity> = {}): PlaceIdentity => ({
  account: '111122223333',
  region: 'eu-central-1',
  cluster: 'production',
  namespace: 'gitlab-drill',
  release: 'gitlab',
  hosts: ['gitlab.drill.example.com'],
  servers: [{ what: 'database', host: 'drill.db.example.com', port: 5432, addresses: ['10.9.0.5'] }],
  buckets: ['acme-drill-uploads', 'acme-drill-tmp'],
  ...change,
});

export const buildUsed = (change: Partial<UsedPlace> = {}): UsedPlace => ({
  environment: 'production',
  account: '111122223333',
  region: 'eu-central-1',
  cluster: 'production',
  namespaces: ['gitlab'],
  hosts: ['gitlab.example.com'],
  servers: [{ what: 'database', host: 'prod.db.example.com', port: 5432, addresses: ['10.0.0.5'] }],
  instances: ['gitlab-prod'],
  buckets: ['acme-uploads', 'acme-tmp'],
  bucketPatterns: ['acme-gitlab-*', '*'],
  ...change,
});

export const buildDrill = (change: Partial<DrillRun> = {}): DrillRun => ({
  ...beginDrill(
    {
      set: { environment: 'production', policy: 'daily', id: '1772323200_2026_03_01_18.10.0-ee' },
      target: {
        kind: 'scratch',
        environment: 'production',
        cluster: 'production',
        region: 'eu-central-1',
        namespace: 'gitlab-drill',
        release: 'gitlab',
      },
      execution: buildDrillExecution(),
    },
    NOW,
  ),
  ...change,
});

export const CLOSED: DrillProof = {
  state: 'closed',
  at: NOW.toISOString(),
  proven: ['github.com:443'],
  controls: ['drill.db.example.com:5432'],
  reasons: [],
};

export const buildWorkload = (name: string, change: Partial<ScalableWorkload> = {}): ScalableWorkload => ({
  kind: 'Deployment',
  namespace: 'gitlab-drill',
  name: `gitlab-${name}`,
  uid: `uid-${name}`,
  labels: {},
  annotations: {},
  podLabels: { app: name, release: 'gitlab' },
  replicas: 0,
  pods: 0,
  isSettled: true,
  owners: [],
  replicasSetBy: [],
  secrets: [],
  ...change,
});
