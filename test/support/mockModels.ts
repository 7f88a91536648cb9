import { LLMock } from '@copilotkit/aimock';

/** A model server on loopback, made by others, that speaks Anthropic Messages and OpenAI Chat. */
export interface MockModels {
  readonly server: LLMock;
  /** The user settings that make a vendor's model come from this server. */
  settings(vendor: 'anthropic' | 'openai-compatible'): Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function startMockModels(): Promise<MockModels> {
  const server = new LLMock({ port: 0, host: '127.0.0.1' });
  await server.start();
  return {
    server,
    settings: (vendor) => ({
      'countersign.model': `${vendor}:${vendor === 'anthropic' ? 'claude-sonnet-4-5' : 'test-model'}`,
      'countersign.endpoints': { [vendor]: `${server.url}/v1` },
    }),
    stop: () => server.stop(),
  };
}
