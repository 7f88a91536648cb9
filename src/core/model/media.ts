import { AgentError, type AgentErrorOptions } from '../errors';
import type { ContentBlock } from '../protocol/messages';
import type { ModelProvider } from './provider';

/** What is wrong with a block: what it is, or how much it is. */
export type MediaErrorCode = 'invalid_media' | 'too_large';

/** A block of a message is not one that can be sent to any model: its type, its bytes or its size. Nothing was sent or stored. */
export class MultimodalValidationError extends AgentError<MediaErrorCode> {
  override readonly name = 'MultimodalValidationError';
  override readonly family = 'model';
}

/** The agent's model cannot see, hear or read such a block. Nothing was sent or stored. */
export class ProviderCapabilityError extends AgentError<'unsupported_media'> {
  override readonly name = 'ProviderCapabilityError';
  override readonly family = 'model';
  constructor(message: string, options: AgentErrorOptions = {}) {
    super('unsupported_media', message, options);
  }
}

/** The bytes of one block. The vendors' own limits lie around it: they refuse what is too much for them. */
const maxMediaBytes = 20 * 1024 * 1024;

type MediaBlock = Extract<ContentBlock, { readonly base64: string }>;

/** What the vendors take in common. */
const mediaTypes: Readonly<Record<MediaBlock['type'], RegExp>> = {
  image: /^image\/(?:jpeg|png|gif|webp)$/,
  file: /^application\/pdf$/,
  audio: /^audio\/[a-z0-9.+-]+$/,
  video: /^video\/[a-z0-9.+-]+$/,
};

/**
 * Checks what a user's message is to hold: text, and media that this model takes. Later the conversation may go on with another
 * model, which is then told that something was there.
 * @throws MultimodalValidationError, ProviderCapabilityError.
 */
export function checkMedia(
  content: readonly ContentBlock[],
  model: Pick<ModelProvider, 'capabilities' | 'model'>,
): void {
  for (const block of content) {
    if (block.type === 'text') continue;
    if (block.type === 'reasoning' || block.type === 'tool_use' || block.type === 'tool_result')
      throw invalid(`A user's message cannot hold a block of the type ${block.type}.`, 'Give text and media.');
    checkBlock(block);
    if (!takes(block.type, model))
      throw new ProviderCapabilityError(`The model ${model.model} takes no ${block.type} blocks.`, {
        advice: 'Choose a model that does (see `model.capabilities`), or say it in words.',
      });
  }
}

function checkBlock(block: MediaBlock): void {
  const { type, mimeType, base64 }: { readonly [Key in keyof MediaBlock]?: unknown } = block;
  if (typeof type !== 'string' || !Object.hasOwn(mediaTypes, type))
    throw invalid(
      `There are no blocks of the type ${JSON.stringify(type)}.`,
      `Use text, ${Object.keys(mediaTypes).join(', ')}.`,
    );
  if (typeof mimeType !== 'string' || !mediaTypes[block.type].test(mimeType))
    throw invalid(
      `The media type ${JSON.stringify(mimeType)} is none that goes with the block type ${type}.`,
      'Images are JPEG, PNG, GIF or WebP, files are PDF, audio and video have their own types.',
    );
  if (typeof base64 !== 'string')
    throw invalid(`The ${type} block has no bytes.`, 'Give them as `base64`; URLs are not fetched for you.');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    throw invalid(
      `The bytes of the ${type} block are not base64.`,
      'Give the bare base64 text, without `data:` before it.',
    );
  const sizeBytes = (base64.length / 4) * 3 - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
  if (sizeBytes > maxMediaBytes)
    throw new MultimodalValidationError(
      'too_large',
      `The ${type} block has ${(sizeBytes / 1024 / 1024).toFixed(1)} MB; at most 20 MB are sent.`,
      { advice: 'Make it smaller, or give a part of it.' },
    );
}

function takes(type: MediaBlock['type'], { capabilities }: Pick<ModelProvider, 'capabilities'>): boolean {
  const { images, pdf, audio = false, video = false } = capabilities;
  return { image: images, file: pdf, audio, video }[type];
}

function invalid(message: string, advice: string): MultimodalValidationError {
  return new MultimodalValidationError('invalid_media', message, { advice });
}
