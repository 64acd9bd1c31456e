import type { Tree } from './tree.ts';

/** Which room of the house a file stands in; every file of the product stands in one. */
export type Room =
  | 'contract'
  | 'lambda'
  | 'shared step'
  | 'noun'
  | 'client'
  | 'record'
  | 'rule'
  | 'runtime'
  | 'command'
  | 'infra'
  | 'local world'
  | 'test';

/** Folders of `functions/` that are no capability. */
const SHARED: Readonly<Record<string, Room>> = {
  clients: 'client',
  records: 'record',
  rules: 'rule',
  runtime: 'runtime',
  commands: 'command',
};

/** Parts of several Lambdas that hold collaborators: they are wired like a Lambda, and only Lambdas use them. */
const SHARED_STEPS = new Set([
  'functions/backup/wiring.ts',
  'functions/backup/run/backup-end.ts',
  'functions/backup/restore/reading/plan-sources.ts',
  'functions/backup/telling/wiring.ts',
  'functions/deployment/wiring.ts',
  'functions/deployment/rollout-end.ts',
  'functions/upgrade/wiring.ts',
  'functions/upgrade/telling/wiring.ts',
  'functions/upgrade/reading/cluster-sources.ts',
  'functions/upgrade/reading/sources.ts',
  'functions/upgrade/run/upgrade-end.ts',
  'functions/upgrade/run/change-offer.ts',
]);

/** The capability a file belongs to, when it belongs to one. */
export const capabilityOf = (path: string): string | undefined => {
  const folder = /^functions\/([^/]+)\//.exec(path)?.[1];
  return folder === undefined || folder in SHARED ? undefined : folder;
};

export const roomOf = (path: string, tree: Tree): Room | undefined => {
  if (path.startsWith('test/')) return 'test';
  if (path.startsWith('infra/local/')) return 'local world';
  if (path.startsWith('infra/')) return 'infra';
  const folder = /^functions\/([^/]+)\//.exec(path)?.[1];
  if (folder === undefined) return undefined;
  const shared = SHARED[folder];
  if (shared) return shared;
  if (path.endsWith('.contract.ts')) return 'contract';
  if (SHARED_STEPS.has(path)) return 'shared step';
  // A table in JSON is loaded by a rule, and is one itself.
  return path.endsWith('.ts') && tree.has(path.replace(/\.ts$/, '.contract.ts')) ? 'lambda' : 'noun';
};

/** Lambdas by the path of their function. */
export const lambdasOf = (tree: Tree): string[] =>
  [...tree.keys()].filter((path) => path.endsWith('.ts') && roomOf(path, tree) === 'lambda');
