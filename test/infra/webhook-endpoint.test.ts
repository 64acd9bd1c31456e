import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { type Exposure, WebhookEndpoint } from '../../infra/constructs/webhook-endpoint.ts';
import { makeLambda, makeStack } from './support/stacks.ts';

const throttle = { ratePerSecond: 50, burst: 80 };

const synthesise = (exposure: Exposure): Template => {
  const stack = makeStack();
  new WebhookEndpoint(stack, 'Webhook', { handler: makeLambda(stack), exposure });
  return Template.fromStack(stack);
};

describe('a public endpoint', () => {
  const template = synthesise({ exposure: 'public', throttle });

  test('takes POST /hooks/{source} and nothing else', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /hooks/{source}' });
  });

  test('hands the raw body on in payload version 2.0', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
  });

  test('lets through what its site says', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 80 },
    });
  });

  test('writes an access log without headers, which carry the secret', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const format = String(stage?.['Properties'].AccessLogSettings.Format);
    expect(JSON.parse(format)).toMatchObject({ ip: '$context.identity.sourceIp', status: '$context.status' });
    expect(format).not.toMatch(/header|authoriz/i);
  });
});

describe('a private endpoint', () => {
  const template = synthesise({ exposure: 'private', vpcEndpoint: 'vpce-0a1b', throttle });

  test('is reached through its VPC endpoint only', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0a1b'] },
      Policy: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'execute-api:Invoke',
            Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b' } },
          },
        ],
      },
    });
  });

  test('counts every body as binary, so that it arrives byte by byte', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { BinaryMediaTypes: ['*/*'] });
  });

  test('takes POST /hooks/{source} for the same handler', () => {
    const paths = Object.values(template.findResources('AWS::ApiGateway::Resource'));
    expect(paths.map((resource) => String(resource['Properties'].PathPart))).toEqual(['hooks', '{source}']);
    template.resourceCountIs('AWS::ApiGateway::Method', 1);
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      Integration: { Type: 'AWS_PROXY', Uri: Match.anyValue() },
    });
  });

  test('lets through what its site says', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [
        Match.objectLike({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 80, DataTraceEnabled: false }),
      ],
    });
  });

  test('leaves the log role of the account alone', () => {
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});
