// SPDX-License-Identifier: Apache-2.0

/// What a word can be in a sentence that says who is speaking; one word may be several things.
struct Tags: OptionSet, Sendable, Hashable {
  let rawValue: UInt64

  private init(bit: UInt64) { rawValue = 1 << bit }
  init(rawValue: UInt64) { self.rawValue = rawValue }

  // The speaker.
  static let subject = Tags(bit: 0)
  static let object = Tags(bit: 1)
  static let possessive = Tags(bit: 2)
  /// A verb that says "I am" by itself, as Spanish "soy".
  static let iAm = Tags(bit: 3)
  static let be = Tags(bit: 4)
  /// A verb of making that holds its object, as Arabic "طورني".
  static let madeMe = Tags(bit: 5)
  static let you = Tags(bit: 6)
  /// A word that gives an author.
  static let author = Tags(bit: 7)

  // Names.
  static let model = Tags(bit: 8)
  static let maker = Tags(bit: 9)
  static let own = Tags(bit: 10)
  /// A capitalized word that no table knows.
  static let unknown = Tags(bit: 11)

  // What is said.
  static let make = Tags(bit: 12)
  static let by = Tags(bit: 13)
  static let to = Tags(bit: 14)
  static let ai = Tags(bit: 15)
  static let kin = Tags(bit: 16)
  static let nameNoun = Tags(bit: 17)
  static let call = Tags(bit: 18)
  static let role = Tags(bit: 19)
  static let asWord = Tags(bit: 20)
  static let makerNoun = Tags(bit: 21)
  static let come = Tags(bit: 22)
  static let control = Tags(bit: 23)
  static let policy = Tags(bit: 24)
  static let training = Tags(bit: 25)
  static let talk = Tags(bit: 26)
  static let run = Tags(bit: 27)
  static let on = Tags(bit: 28)
  static let family = Tags(bit: 29)
  static let other = Tags(bit: 30)
  static let like = Tags(bit: 31)
  static let here = Tags(bit: 32)
  static let possession = Tags(bit: 33)
  static let behind = Tags(bit: 34)
  static let this = Tags(bit: 35)
  static let follow = Tags(bit: 36)
  static let report = Tags(bit: 37)
  static let cannot = Tags(bit: 38)
  static let can = Tags(bit: 39)
  static let review = Tags(bit: 40)
  static let messages = Tags(bit: 41)
  static let agent = Tags(bit: 42)
  static let filler = Tags(bit: 43)
  static let cutoff = Tags(bit: 44)
  static let violate = Tags(bit: 45)
  static let yes = Tags(bit: 46)
  static let signOff = Tags(bit: 47)
  /// A word with which a service greets who comes to it.
  static let welcome = Tags(bit: 48)

  // What speaks against it.
  static let negation = Tags(bit: 50)
  static let contrast = Tags(bit: 51)
  static let belief = Tags(bit: 52)
  static let condition = Tags(bit: 53)
  static let blocker = Tags(bit: 54)
  static let api = Tags(bit: 55)
  static let separator = Tags(bit: 56)
  static let quote = Tags(bit: 57)
  static let only = Tags(bit: 58)
  static let question = Tags(bit: 59)
  static let surplus = Tags(bit: 60)
  static let year = Tags(bit: 61)

  /// A foreign name of either kind.
  static let name: Tags = [.model, .maker]
  /// Whoever speaks, in any form.
  static let first: Tags = [.subject, .object, .possessive, .iAm, .madeMe]

  /// The tags by the names that patterns and word lists use.
  static let named: [String: Tags] = [
    "i": .subject, "me": .object, "my": .possessive, "iam": .iAm, "be": .be, "makeme": .madeMe,
    "you": .you, "model": .model, "maker": .maker, "name": .name, "own": .own, "unk": .unknown,
    "make": .make, "by": .by, "to": .to, "ai": .ai, "kin": .kin, "namen": .nameNoun,
    "call": .call, "role": .role, "as": .asWord, "makern": .makerNoun, "come": .come,
    "control": .control, "policy": .policy, "train": .training, "talk": .talk, "run": .run,
    "on": .on, "family": .family, "other": .other, "like": .like, "here": .here,
    "s": .possession, "behind": .behind, "this": .this, "follow": .follow, "report": .report,
    "cannot": .cannot, "can": .can, "review": .review, "msgs": .messages, "agent": .agent,
    "fill": .filler, "cutoff": .cutoff, "violate": .violate, "yes": .yes, "sign": .signOff,
    "neg": .negation, "contrast": .contrast, "think": .belief, "if": .condition,
    "block": .blocker, "api": .api, "sep": .separator, "quote": .quote, "only": .only,
    "ask": .question, "year": .year, "welcome": .welcome, "author": .author, "more": .surplus,
    "first": .first,
  ]
}
