/** What an agent knows of a skill before it loads it. Both texts come from the skill's own file: they are data. */
export interface SkillMetadata {
  /** Also the name of its folder. */
  readonly name: string;
  /** One line without control or invisible characters, at most 1,024 characters long. */
  readonly description: string;
  /** The absolute path of its SKILL.md. */
  readonly path: string;
}

/** A skill as it stands on the disk. */
export interface SkillContent {
  readonly metadata: SkillMetadata;
  /** The whole text of SKILL.md. */
  readonly content: string;
  /** SHA-256 of the bytes of SKILL.md, in hexadecimal digits: what trust is bound to. */
  readonly sha256: string;
  /** The other files of its folder, as paths relative to it, sorted; at most 200. */
  readonly files: readonly string[];
}

/** A folder that looks like a skill and is none. */
export interface RefusedSkill {
  readonly name: string;
  /** A sentence for people. */
  readonly reason: string;
}

/** The skills of a source at one moment, by name. */
export interface SkillList {
  readonly skills: readonly SkillMetadata[];
  readonly refused: readonly RefusedSkill[];
}

/** Short names of plain letters: they stand in prompts, paths and questions, and must look like what they are. */
export const isSkillName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name);
