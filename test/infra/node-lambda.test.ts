import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { ConfigurationLayer } from '../../infra/constructs/configuration-layer.ts';
import { bundleOf, listFunctions } from '../../infra/constructs/function-bundles.ts';
import { type EnvironmentOf, makeLambdaRole, NodeLambda } from '../../infra/constructs/node-lambda.ts';
import * as serveCoffee from './fixtures/functions/shop/serve-coffee.contract.ts';
import { FIXTURE_FUNCTIONS, makeLambda, makeStack, rightsOf } from './support/stacks.ts';

const base = {
  root: FIXTURE_FUNCTIONS,
  entry: 'shop/serve-coffee',
  contract: serveCoffee,
  environment: { LEDGER_BUCKET: 'ledger', CUPS: '3' },
  description: 'Serves coffee',
  timeout: Duration.seconds(30),
};

const synthesise = (build: (stack: Stack) => void): Template => {
  const stack = makeStack();
  build(stack);
  return Template.fromStack(stack);
};

describe('the environment', () => {
  test('asks for every variable of the contract but those that Lambda sets', () => {
    expectTypeOf<EnvironmentOf<typeof serveCoffee.Env>>().toEqualTypeOf<{
      LEDGER_BUCKET: string;
      CUPS: string;
      MILK?: string | undefined;
    }>();
  });

  test('a value that the function would refuse at its start is refused at synth', () => {
    const environment = { LEDGER_BUCKET: 'ledger', CUPS: 'three' };
    expect(() => new NodeLambda(makeStack(), 'Coffee', { ...base, environment })).toThrow(
      /shop\/serve-coffee would refuse its variable CUPS/,
    );
  });

  test('a variable that the contract does not have is refused', () => {
    const environment = { LEDGER_BUCKET: 'ledger', CUPS: '3', SUGAR: '1' };
    expect(() => new NodeLambda(makeStack(), 'Coffee', { ...base, environment })).toThrow(
      /has no variable SUGAR/,
    );
  });
});

describe('on AWS', () => {
  const lambda = synthesise((stack) => makeLambda(stack));

  test('it runs on Node 24 on arm64, traced, with a JSON log that ends', () => {
    lambda.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 30,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
      Environment: {
        Variables: { LEDGER_BUCKET: 'ledger', CUPS: '3', NODE_OPTIONS: '--enable-source-maps' },
      },
    });
    lambda.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/drydock/main/shop/serve-coffee',
      RetentionInDays: 30,
    });
  });

  test('its role may write its log and its trace, and nothing else', () => {
    expect(rightsOf(lambda, 'ServeCoffeeRole')).toEqual([
      'logs:CreateLogStream on ServeCoffeeLog',
      'logs:PutLogEvents on ServeCoffeeLog',
      'xray:PutTelemetryRecords on *',
      'xray:PutTraceSegments on *',
    ]);
    for (const role of Object.values(lambda.findResources('AWS::IAM::Role'))) {
      expect(role).not.toHaveProperty('Properties.ManagedPolicyArns');
    }
  });

  test('it takes reserved concurrency, memory, a network and the configuration', () => {
    const template = synthesise((stack) => {
      const network = { subnets: ['subnet-1'], securityGroups: ['sg-1'] };
      const configuration = new ConfigurationLayer(stack, 'Configuration', { version: 1 });
      new NodeLambda(stack, 'Coffee', {
        ...base,
        reservedConcurrency: 7,
        memory: 256,
        network,
        configuration,
      });
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 7,
      MemorySize: 256,
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      Layers: [{}],
    });
    expect(rightsOf(template, 'CoffeeRole')).toContain('ec2:CreateNetworkInterface on *');
  });

  test('several may share a role', () => {
    const template = synthesise((stack) => {
      const role = makeLambdaRole(stack, 'Shared');
      new NodeLambda(stack, 'One', { ...base, role });
    });
    template.resourceCountIs('AWS::IAM::Role', 1);
  });
});

describe('the bundle', () => {
  test('is an ES module that runs by itself and may require', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'drydock-bundle-'));
    const { module, sourceMap } = bundleOf('shop/serve-coffee', FIXTURE_FUNCTIONS);
    writeFileSync(path.join(folder, 'index.mjs'), module);
    writeFileSync(path.join(folder, 'index.mjs.map'), sourceMap);
    const call = "import('./index.mjs').then(({ handler }) => console.log(JSON.stringify(handler())))";
    const { stdout } = spawnSync(process.execPath, ['-e', call], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual({
      variables: ['LEDGER_BUCKET', 'CUPS', 'MILK', 'AWS_REGION'],
      separator: path.sep,
    });
  });

  test('names the source map that lies beside it', () => {
    const text = Buffer.from(bundleOf('shop/serve-coffee', FIXTURE_FUNCTIONS).module).toString();
    expect(text.trimEnd()).toMatch(/sourceMappingURL=index\.mjs\.map$/);
  });

  test('of a Lambda that is not there is refused by its name', () => {
    expect(() => bundleOf('shop/serve-tea', FIXTURE_FUNCTIONS)).toThrow(/no Lambda shop\/serve-tea/);
  });

  test('is made of every file that has a contract beside it', () => {
    expect(listFunctions(FIXTURE_FUNCTIONS)).toEqual(['shop/serve-coffee']);
  });
});
