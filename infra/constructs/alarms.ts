import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import { siteOf } from '../site.ts';
import { isLeftOut } from '../stage.ts';
import {
  type AlarmRule,
  deadLetterRules,
  gatewayRules,
  lambdaRules,
  machineRules,
  queueRules,
  STEPS_AN_ALARM,
  stepRules,
} from './alarm-rules.ts';
import { AslStateMachine } from './asl-state-machine.ts';
import { NodeLambda } from './node-lambda.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { DeadLetterQueue, WorkQueue } from './work-queue.ts';

export interface AlarmsProps {
  /** Everything of ours below this construct is watched. */
  readonly watched: IConstruct;
  readonly topic: ITopic;
}

/**
 * The alarms on our own parts, made in one place: every Lambda, machine, queue and endpoint gets its rules by what it
 * is, so none is forgotten; Lambdas behind machines share theirs. Made last, when all the others are there.
 */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { watched, topic }: AlarmsProps) {
    super(scope, id);
    const parts = watched.node.findAll();
    const behindMachines = new Set(
      parts.flatMap((part) => (part instanceof AslStateMachine ? part.functions : [])),
    );
    const nameOf = (part: IConstruct): string =>
      part.node.path.slice(watched.node.path.length + 1).replaceAll('/', '-');
    this.alarms = [
      ...parts
        .filter((part) => !(part instanceof NodeLambda && behindMachines.has(part)))
        .flatMap((part) => rulesOf(part).map((rule) => this.addAlarm(nameOf(part), rule, topic))),
      ...(isLeftOut(this, 'metricMath') ? [] : groupSteps(behindMachines)).flatMap(([subject, lambdas]) =>
        stepRules(lambdas).map((rule) => this.addAlarm(subject, rule, topic)),
      ),
    ];
  }

  private addAlarm(subject: string, rule: AlarmRule, topic: ITopic): Alarm {
    const alarm = new Alarm(this, `${subject}-${rule.id}`, {
      alarmName: `drydock-${siteOf(this).name}-${subject}-${rule.id}`,
      alarmDescription: rule.message,
      metric: rule.metric,
      threshold: rule.threshold,
      evaluationPeriods: rule.periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // No execution, no request, no message: that is a quiet hour, not a fault.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  }
}

/** Steps of a capability by their names, as many together as an alarm can watch: `Backup-Steps1`. */
const groupSteps = (lambdas: ReadonlySet<NodeLambda>): (readonly [string, readonly NodeLambda[]])[] =>
  [...Map.groupBy([...lambdas].toSorted(byEntry), ({ entry }) => entry.slice(0, entry.indexOf('/')))].flatMap(
    ([capability, all]) =>
      Array.from({ length: Math.ceil(all.length / STEPS_AN_ALARM) }, (_, index) => {
        const subject = `${capability.replace(/^./, (letter) => letter.toUpperCase())}-Steps${index + 1}`;
        return [subject, all.slice(index * STEPS_AN_ALARM, (index + 1) * STEPS_AN_ALARM)] as const;
      }),
  );

const byEntry = (a: NodeLambda, b: NodeLambda): number => a.entry.localeCompare(b.entry);

const rulesOf = (part: IConstruct): AlarmRule[] => {
  if (part instanceof NodeLambda) return lambdaRules(part);
  if (part instanceof AslStateMachine) return machineRules(part);
  if (part instanceof WorkQueue) return queueRules(part);
  if (part instanceof DeadLetterQueue) return deadLetterRules(part);
  if (part instanceof WebhookEndpoint) return gatewayRules(part.metrics);
  return [];
};
