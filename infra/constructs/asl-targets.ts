import { type AslDefinition, type AslState, listStates } from './asl-definition.ts';
import {
  findIntegration,
  type GrantScope,
  type Integration,
  type TargetKind,
} from './integration-actions.ts';

/** How the placeholder of each kind ends: `${ApplyImageArn}`, `${EventsUrl}`. */
const PLACEHOLDER_SUFFIX: Readonly<Record<TargetKind, string>> = {
  function: 'Arn',
  machine: 'Arn',
  topic: 'Arn',
  queue: 'Url',
  bus: 'Name',
};

/** What a state machine is given: for each kind, the names its placeholders speak of. */
export type GivenTargets = Readonly<Record<TargetKind, readonly string[]>>;

/** One right that the machine's role needs: these actions on this scope of this target. */
export interface NeededGrant {
  readonly kind: TargetKind;
  readonly target: string;
  readonly on: GrantScope;
  readonly actions: readonly string[];
}

/** A Task and the target its integration acts on. */
export interface TargetUse {
  readonly state: string;
  readonly task: AslState;
  readonly kind: TargetKind;
  readonly target: string;
  readonly integration: Integration;
}

/** The placeholder that a target of this kind fills. */
export const placeholderOf = (kind: TargetKind, target: string): string =>
  `${target}${PLACEHOLDER_SUFFIX[kind]}`;

/** Every Task with the target it names. Tasks that name none are reported by `findMismatches`. */
export const listTargetUses = (definition: AslDefinition): TargetUse[] =>
  listStates(definition).flatMap(([state, task]) => {
    const integration = findIntegration(task.Resource ?? '')?.integration;
    if (task.Type !== 'Task' || !integration) return [];
    return namesOf(task, integration).map((target) => ({
      state,
      task,
      kind: integration.target,
      target,
      integration,
    }));
  });

/** The rights the file asks for, each once: what its integrations document, on the targets it names. */
export const listNeededGrants = (definition: AslDefinition): NeededGrant[] => {
  const grants = new Map<string, NeededGrant>();
  for (const { kind, target, integration } of listTargetUses(definition)) {
    for (const { on, actions } of integration.grants) {
      const key = [kind, on === 'wait-rule' ? '' : target, on, ...actions].join(' ');
      grants.set(key, { kind, target, on, actions });
    }
  }
  return [...grants.values()];
};

/**
 * Where the file and what it is given disagree, one sentence each: a placeholder nobody fills, something given that
 * no Task uses, a Task whose target is not a placeholder of its kind.
 */
export const findMismatches = (definition: AslDefinition, given: GivenTargets): string[] => {
  const uses = listTargetUses(definition);
  const filled = new Set(listGiven(given).map(([kind, target]) => placeholderOf(kind, target)));
  const unnamed = listStates(definition).filter(([state, task]) => isUnnamed(state, task, uses));
  return [
    ...listPlaceholders(definition)
      .filter((placeholder) => !filled.has(placeholder))
      .map((placeholder) => `\${${placeholder}} stands for nothing that is given.`),
    ...listGiven(given)
      .filter(([kind, target]) => !uses.some((use) => use.kind === kind && use.target === target))
      .map(
        ([kind, target]) =>
          `The ${kind} ${target} is given, and no Task uses \${${placeholderOf(kind, target)}}.`,
      ),
    ...uses
      .filter(({ kind, target }) => !given[kind].includes(target))
      .map(
        ({ state, kind, target }) => `${state} needs a ${kind} ${target}, and none of that name is given.`,
      ),
    ...unnamed.map(([state, task]) => {
      const integration = findIntegration(task.Resource ?? '')?.integration;
      return `${state} must name its ${integration?.target} by a placeholder in ${integration?.argument}.`;
    }),
  ];
};

const listGiven = (given: GivenTargets): [TargetKind, string][] => [
  ...given.function.map((name): [TargetKind, string] => ['function', name]),
  ...given.machine.map((name): [TargetKind, string] => ['machine', name]),
  ...given.topic.map((name): [TargetKind, string] => ['topic', name]),
  ...given.queue.map((name): [TargetKind, string] => ['queue', name]),
  ...given.bus.map((name): [TargetKind, string] => ['bus', name]),
];

const isUnnamed = (state: string, task: AslState, uses: readonly TargetUse[]): boolean =>
  task.Type === 'Task' &&
  findIntegration(task.Resource ?? '') !== undefined &&
  !uses.some((use) => use.state === state);

const listPlaceholders = (definition: AslDefinition): string[] => [
  ...new Set(
    [...JSON.stringify(definition).matchAll(/\$\{([A-Za-z0-9]+)\}/g)].map((match) => match[1] ?? ''),
  ),
];

/** The targets named in a Task's arguments; `Entries` names one in each entry. */
const namesOf = (task: AslState, { target, argument }: Integration): string[] => {
  const args = asRecord(task.Arguments);
  const entries = Array.isArray(args['Entries']) ? args['Entries'].map(asRecord) : [args];
  const names = entries.map((entry) => nameIn(entry[argument], target));
  // One entry without a name goes to a target nobody granted, so then the Task counts as naming none.
  return names.some((name) => name === undefined) ? [] : [...new Set(names.flatMap((name) => name ?? []))];
};

const nameIn = (value: unknown, kind: TargetKind): string | undefined =>
  typeof value === 'string'
    ? new RegExp(`^\\$\\{([A-Za-z0-9]+)${PLACEHOLDER_SUFFIX[kind]}\\}$`).exec(value)?.[1]
    : undefined;

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
