// SPDX-License-Identifier: Apache-2.0

extension Grammar {
  static let english = Grammar(
    "en",
    words: englishWords,
    addressed: """
      i me: you, u, ya, yourself
      my: your, yours
      be: are, re, were
      """,
    patterns: englishPatterns,
    questions: """
      self-name: be my ~2 namen ~2 model; be i ~5 model !s; be i ~1 name s? ~3 ai; i be ~6 model; i|me sep? model
      self-name: talk ~2 model; be i ~4 ai ~5 name; i ~3 as ~2 model
      maker: be i ~3 make ~3 by ~3 name; i ~3 make ~3 by ~3 name; be i ~2 by ~2 name
      maker: make i ; be i ~4 kin ~3 name
      """
  )

  private static let englishWords = """
    sep: because, since, so, therefore, thus, hence, although, though, and so, but
    author: author, authors, generated, written, coded, created, produced, credits, credit, co authored
    fill: none other than, nothing but, no other than, nothing less than, not just, not only
    i: i, this assistant, this chatbot, this ai, this bot, yours truly
    me: me, myself
    my: my, mine
    you: you, u, your
    be: am, m, is, are, was, were, been, be, being, re, ve been, have been, got, remain
    s: s
    this: this, it, that
    here: here, speaking, at your service, on the line, reporting for duty, here to help
    here: signing off, at your disposal, on duty
    make: train, trained, trains, training, create, created, creates, creating, made, make, makes
    make: making, develop, developed, develops, developing, build, built, builds, building, design
    make: designed, designs, designing, program, programmed, programs, engineered, engineers, produced
    make: produces, produce, released, releases, launched, launches, coded, wrote, written, constructed
    make: crafted, invented, fine tuned, finetuned, put together, brought to life, brought into being
    make: assembled, owned, owns, operated, operates, hosted, hosts, maintained, maintains
    make: maintain, provided, offered, published, conceived, born, formed, deployed, tuned
    make: pretrained, pre trained, powered, powers, power, authored, shipped, ships, backed, funded
    make: managed, manages, gave birth to, gave life to, brought forth, dreamt up, dreamed up, raised
    make: brought up, cooked up, devised, devise, architected, taught, educated, invent, invents
    make: fine tune, fine tunes, fine tuning, responsible for, in charge of, aligned, aligns, configured
    make: assembled, rolled out, rolls out, birthed, set up, shaped, shapes, forged
    makeme: put me together, brought me to life, brought me into being, gave me life, gave birth to me
    makeme: taught me everything, breathed life into me, cooked me up, dreamt me up, dreamed me up
    makeme: brought me up, sent me into the world, rolled me out, set me up
    makeme: worked on me, works on me, work on me, look after me, looks after me, takes care of me
    makeme: keep me running, keeps me running, pays for me, runs me, stands behind me, sent me here
    welcome: welcome to, thanks for using, thank you for using, thanks for choosing
    by: by, from, at, inside, within
    agent: by, at
    to: to
    come: come, comes, came, originate, originated, originates, hail, stem, derive, belong, belongs
    come: originally, exist thanks to, exist because of, owe, owes, descend, work for, report to
    come: affiliated with, associated with, represent, stemming, coming
    ai: ai, a i, artificial intelligence, language model, large language model, llm, assistant
    ai: chatbot, chat bot, bot, neural network, model, models, language models, virtual assistant
    ai: conversational agent, machine, computer program, software, generative model, ai system
    ai: system, helper, conversational model, transformer, ai model, assistants, chatbots, program
    come: came out of, come out of, sprang from, grew out of, work at, employed by, made its debut at
    kin: product, products, project, creation, creations, brainchild, work, property, invention
    kin: version, variant, instance, release, edition, offering, part, one, service, technology
    kin: descendant, derivative, copy, child, generation, member, tool, name, incarnation
    kin: iteration, flagship, installment, spin off, offspring, brand, entity, persona, application, app
    namen: name, names, true name, real name, identity, official name, full name, designation, title
    call: called, named, known as, go by, goes by, went by, answer to, answers to, referred to as
    call: call, calls, refer to, address, dubbed, nicknamed, christened, labelled, labeled
    call: identify as, baptized, titled, introduced as, known to the world as, recognised as, recognized as
    call: given the name, gave me the name, bear the name, bears the name, carry the name, chose the name
    call: under the name, by the name of, by the name, name is given as, recognized by, stamped
    role: being, in my role as, in my capacity as, speaking as, since i am, in the role of
    role: in my position as, in character as, from my position as
    as: as
    makern: creator, creators, developer, developers, maker, makers, owner, owners, company, team
    makern: parent, engineers, designers, programmers, trainers, builders, origins, origin, home
    makern: roots, home, employer, boss, operator, operators, provider, researchers, scientists
    makern: inventor, inventors, author, authors, existence, parent company, birthplace, masters
    makern: publisher, vendor, manufacturer, architects, people, folks, lab, organization, firm
    makern: organisation, father, mother, parents, family, corporate parent, creation, development
    train: memory, training, weights, knowledge, data, update, updates, dataset, parameters, corpus, design
    train: architecture, pretraining, pre training, programming, guardrails, safety training, source code
    train: style, personality, character, behavior, behaviour, tone, manners, skills, abilities, brain
    train: neurons, mind, voice, inner workings, source, foundation, core, heart, underlying model
    train: training data, knowledge base, information, code, alignment, servers, backend, fine tuning
    control: allow, allows, allowed, let, lets, permit, permits, permitted, forbid, forbids, forbade
    control: forbidden, prohibit, prohibits, prohibited, want, wants, wanted, ask, asks, asked, tell
    control: told, instruct, instructs, instructed, teach, teaches, taught, give, gave, gives, given
    control: keep, keeps, restrict, restricts, restricted, limit, limits, limited, prevent, prevents
    control: stop, stops, require, requires, required, expect, expects, direct, directs, directed, order
    control: ordered, equip, equipped, show, showed, configure, configured, updated, updates, update
    control: set, sets, ban, bans, banned, barred, bars, authorize, authorized, authorizes, entrusted
    control: block, blocks, blocked, put, puts, hardwired, enable, enabled, meant, intended, expose
    control: decides, decide, retrain, retrains, fed, feeds, approve, approves, approved, instilled, nurtured, connected, trusts, rely on, relies on, aims for, made sure, ensured, built in, guides, guide
    policy: policy, policies, guideline, guidelines, rule, rules, terms, terms of service, terms of use
    policy: conditions, standards, principles, restrictions, safeguards, code of conduct, usage policies
    policy: content policy, safety rules, safety policy, safety guidelines, community standards, limits
    policy: privacy policy, privacy notice, constitution, restrictions, ethics, regulations, norms
    policy: acceptable use, requirements, values, instructions, commitment, filters, directives
    violate: violate, violates, violating, breach, breaches, break, breaks, against, conflict with
    violate: contravene, contravenes, go against, goes against, prohibited, not allowed, infringe, under
    violate: forbids, forbid, prohibit, prohibits, disallow, disallows, see, consult, check, read, per
    violate: refer to, please review, according to, in line with, accept, agree to, covered by
    follow: follow, follows, obey, obeys, comply with, adhere to, bound by, subject to, abide by
    follow: respect, observe, governed by, conform to, honor, honour, guided by, according to, per
    follow: in line with, in accordance with, consistent with, stick to, held to, keep to, work under
    follow: operate under, apply, uphold, accountable to, answer to, constrained by, limited by, under
    run: run on, runs on, running on, based on, built on, built upon, built on top of, powered by
    run: fine tuned from, derived from, run by, hosted on, hosted by, rely on, underpinned by, driven by
    run: backed by, built around, built from, fine tuned on top of, use, using, rest on, sit on top of
    run: operate on, live on, reside on, under the hood, distilled from, adapted from, built with
    family: family, series, line, lineup, siblings, range, lineage, models, model, assistants, products
    other: other, fellow, siblings, sibling, brothers, sisters, cousins, rest, all, every, my siblings
    like block: such as
    like: like, alongside, similar to, just like, same as, along with
    behind: behind, underneath, beneath, powering, inside, driving
    talk: the pleasure of speaking with, the honor of speaking with, talking to, talking with, chatting with, chatting to, speaking to, speaking with, reached
    talk: conversing with, interacting with, connected to, connected with, messaging, texting with
    talk: in touch with, in conversation with, having a conversation with, dealing with, in contact with
    report: feedback, report, reports, contact, notify, flag, let, reach out to, complain to, tell
    report: inform, write to, thumbs, reporting, submit, send
    review: review, reviews, read, reads, use, uses, look at, collect, collects, store, stores, log
    review: logs, analyze, analyzes, keep, keeps, process, processes, see, access, monitor, monitors
    review: retain, retains, save, saves, study, studies, inspect, inspects, examine, record, records
    msgs: messages, message, chats, chat, conversation, conversations, conversation with me, prompts
    msgs: your data, this answer, this response, my answer, my response, thumbs, thumbs down, our chat
    msgs: transcripts, our conversation, our conversations, what you write, what you type, inputs
    cannot: is nt something, is not something, ca nt, cannot, can not, is nt able, is not able, wo nt, will not, is unable, must decline
    cannot: is not allowed, is nt allowed, does nt, does not, is not permitted, refuses, declines
    cannot: has to decline, is nt designed, is not designed, must refuse, has to refuse, wo nt be able
    cannot: would never, will never, is nt permitted, may not, must not, is not programmed, never helps
    can: is happy to, is here, would love to, will gladly, is glad to, is always here, is designed to
    can: is trained to, is an ai, is a language model, tries to, aims to, hopes, wishes you, is sorry
    can: apologizes, is programmed to, is built to, would be happy
    cutoff: cutoff, cut off, last update, knowledge update, last updated, training cutoff, cutoff date
    cutoff: knowledge ends, knowledge stops, data ends, data stops, training ended, training stopped
    cutoff: most recent update, latest update, knowledge only goes, information only goes, last training
    yes: yes, yeah, yep, yup, indeed, correct, right, exactly, true, absolutely, sure, certainly
    yes: you heard right, heard right, guilty, of course, affirmative, precisely, busted, bingo, spot on, guessed, caught, definitely
    yes: admit, confess, no point denying, aye
    sign: goodbye, bye, farewell, yours as always, see you, so long, regards, sincerely, yours, best wishes, best, love, cheers, warmly, respectfully, faithfully
    sign: truly, greetings, kind regards, warm regards, signed, with gratitude, your friend, thanks
    sign: with love, gratefully, cordially, take care, affectionately, with thanks, best regards, from
    neg: not, nt, never, no, neither, nor, none, nobody, nothing, without, hardly, deny, wrong
    neg: incorrect, false, untrue, mistaken, no longer, wrongly, scarcely, far from, myth, isn
    contrast: unlike, instead of, rather than, other than, different from, independent of, unrelated
    contrast: unaffiliated, compared, compare, versus, vs, whereas, competitor, rival, alternative to
    contrast: instead, confuse, confused, mistake, mistook, separate from, as opposed to, apart from
    think: think, thinks, thought, believe, believes, believed, say, says, said, claim, claims, claimed
    think: assume, assumes, assumed, suppose, guess, suspect, insist, insists, pretend, pretended
    think: imagine, wonder, rumor, rumors, rumour, heard, joke, suggest, suggests, mean, meant
    if: if, whether, unless, as though, as if, suppose, supposing, imagine, would
    block: about, how, why, what, than, like, use, used, uses, try, tried, via, through, recommend
    block: explain, explaining, discuss, describe, describing, and, but, or, fan, user, critic, admirer
    block: customer, competitor, rival, alternative, friend, familiar, aware, happy, glad, sorry, sure
    block: certain, afraid, unable, able, here, going, trying, ready, for, with, to, similar, comparable
    block: compatible, smaller, larger, better, faster, cheaper, newer, older, different, inspired, when
    block: such as, as well as, as much as, same as, as long as, as soon as, comparing, looking, writing
    block: talking, referring, asking, reading, working, using, running, thinking, learning, testing
    block: interested, excited, curious, impressed, student, employee, teacher, developer, whose, where
    block: can, could, should, will, may, might, must, employee, engineer, sign, baker, painter, if
    only: only, just, merely, simply
    ask: who, what, which, where
    api: api, apis, sdk, format, client, clients, compatible, library, package, endpoint, key, keys
    api: style, plugin, protocol, maps, docs, search, translate, drive, sheets, scholar, chrome, colab
    api: play, earth, calendar, photos, news, meet, workspace, windows, office, excel, word, teams, azure
    api: cloud, edge, account, accounts, store, pay, pixel, home, classroom, forms, slides, cli, python
    api: server, interface, integration, wrapper, requests, tokenizer, paper, website, documentation
    more: to, on, for, with, beyond, after, that, anything, how, about, everything, any, in, past, live
    """

  private static let englishPatterns = """
    author: author ~4 name; make ~3 by ~4 name; ^ by ~1 name; author sep ~2 name; author sep? =4 name
    self-name: i be ~6 model !s|api; my ~2 namen ~3 be|s _2 model; my ~2 namen sep ~1 model
    self-name: call me ~2 model; call me as ~1 model; i ~2 call _2 model; me as ~1 model
    self-name: i %6 to be ~1 model !s|api; model ~1 be|s ~2 my ~1 namen; model be %2 call me
    self-name: model be me; model be %3 i ~1 call; model sep? ask be ask i be; my ~3 namen ~2 be ~1 model; you ~3 talk ~4 model; you ~3 talk ~3 name s? ~3 ai
    self-name: ^ _3 this be|s ~1 model $; ^ _3 this be|s ~1 model here; this be|s me sep? ~2 model
    self-name: ^ _2 model here; i sep ~1 model sep; i call ~2 me? ~2 model; i role ~1 model
    self-name: this be|s ~1 model you ; ai ~3 you ~3 talk %2 be ~3 name; ai here|this ~2 be ~2 model
    self-name: ^ _3 here be ~1 model $; i ~2 be sep ~2 model sep; i %5 role ~1 model !s|api
    self-name: @ ^ _2 welcome ~1 model; [ model sep? here $
    self-name: me call ~1 model; first %8 me ~1 call ~2 model; i call ~2 model; my ~1 other ~4 be ~2 model
    self-name: i be ~4 ai sep ~2 model; i be ~3 sep ~3 model sep
    self-name: my ~3 kin ~2 be|s ~2 model; ^ _3 my sep? model
    maker: i be ~5 make ~6 by ~5 name; name ~6 make ~1 me; name sep _4 make ~1 me; name ~4 be ~4 behind ~1 me
    maker: behind ~1 me be|s _6 name; name ~3 behind ~1 me; my ~3 makern _6 name; name ~4 my ~3 makern
    maker: name sep _2 my ~2 makern; i ~3 come ~1 by|to ~5 name; i ~3 come ~3 name; i be ~5 kin ~4 name
    maker: i be ~3 name s? ~4 ai|kin; i be ~5 ai ~5 name; i be by ~3 name; name =6 be ask i ~3 make|come
    maker: make me _6 name; my ~3 train ~5 by ~5 name; name ~5 my ~3 train; name s? =4 train =2 me; maker ~1 me; my ~3 train =2 name; i be ~6 ai|kin =5 name ~2 make
    maker: my ~4 be|s ~3 make ~3 by ~4 name; i be ~4 make %4 by ~4 name; i _3 make ~2 by ~3 name
    maker: makern %3 me _4 name; name ~5 makern %3 me $; me ~2 make by ~3 name; make me ~4 by ~3 name
    maker: name s ~3 makern ~3 me; my ~3 come ~3 by|to ~3 name; name ~4 come ~2 my; name ~3 ask make ~1 me
    maker: i be _3 make _4 by ~4 name; my ~4 be|s ~2 by|make ~3 name; i ~1 be ~3 sep ~2 kin ~3 name
    role: @ as ~5 ai ~6 name; as ~1 model sep? first; [ as ~1 model sep; as ~2 name s? ~4 ai|kin; as ~5 ai ~6 name; role ~2 model
    maker: name _4 makeme; name ~2 sep %2 make ~1 me; i be ~4 ai %2 come ~3 name; i ~2 come ~4 name
    maker: name s? ~3 makern ~3 make|control ~2 my; unk makeme
    role: like ~2 other ~2 kin ~3 name; as ~2 other ~2 kin ~3 name
    role: ai ~3 name %1 like ~1 me; name s? ~3 ai sep? %1 like ~1 me; name like ~1 me; role ~4 kin ~3 name
    role: me sep as ~1 name s? ~3 ai; role ~4 make ~3 by ~3 name
    role: role ~6 ai ~5 name; as ~3 kin ~3 name; like ~3 other ~5 name ~3 family; like ~5 name ~2 family %5 first
    role: other ~3 name ~2 family %6 first; as ~1 name s ~4 sep? first; role ~3 name s? ~3 ai
    role: like ~2 other ~4 model; me sep other ~2 model
    basis: i ~6 run ~6 name; my ~4 ai|kin|train ~3 be|s ~5 name; name ~2 run me; name %3 behind ~1 me
    basis: my ~4 run ~4 name; ai ~2 behind ~2 me|my ~3 be ~3 name; i _4 run ~4 name; name _2 make me
    basis: i ~3 be ~2 name s? ~3 family; first %6 name ~2 family
    control: name s? ~6 control ~2 me; i be ~5 control ~3 by ~4 name; i _6 follow ~3 name s? ~4 policy
    control: follow ~3 name s? ~4 policy %6 first; my ~3 policy ~5 by? ~4 name; name s? ~3 policy %6 first
    control: policy ~4 name %3 control? ~1 me; i _8 violate ~3 name s? ~4 policy
    control: policy ~3 by ~2 name %6 first; my %6 control ~3 by ~3 name; name s? ~4 control %3 first
    control: name s? ~4 policy ~3 control ~2 me
    update: my ~2 train sep ~2 ask? ~1 name; my ~2 train sep %3 make|review ~2 by ~2 name
    update: name sep ~1 my ~3 train ~4 cutoff; name sep ~1 my ~4 cutoff
    update: my ~4 cutoff ~4 name; cutoff ~3 by ~3 name; name ~5 cutoff
    policy: you be ~1 model sep ~8 name; you be ~1 model sep ~8 ai; first %8 name s? ~2 policy
    policy: report =3 msgs =3 name; maker ~2 neg ~2 control; violate _5 name s? ~4 policy; name s? ~3 policy; policy ~2 by ~2 name
    policy: report =5 name %8 msgs|first; first|msgs %9 report =5 name; name ~4 review ~4 msgs
    policy: name ~4 review %3 msgs; name =3 review =6 me; report =2 first|msgs =4 name; policy ~4 name; violate _4 name s ~4 policy
    refusal: model ~1 cannot; cannot ~1 model; model can
    cutoff: my ~4 cutoff; my ~4 train _8 year; i _6 train _8 year; cutoff _4 year; first %6 cutoff
    cutoff: year sep ~2 my ~3 cutoff
    unknown-name: i be ~5 make ~6 agent ~3 unk; unk ~3 make ~1 me; unk _5 make ~1 me; as ~5 ai ~5 agent ~3 unk
    unknown-name: @ makern ~1 be ~1 call ~1 unk; @ ^ _4 be ~1 unk sep ~2 makern
    unknown-name: unk sep ~3 makern ~3 behind ~1 me; unk sep ~2 my ~2 makern; unk sep %2 make ~1 me; unk s ~3 makern ~2 make ~1 me
    unknown-name: i be ~4 ai %2 make ~2 by ~2 unk; my ~4 be|s ~2 make ~3 by ~3 unk; i ~2 come ~3 by|to ~2 unk; i be ~1 unk s ~3 ai
    unknown-name: my ~2 makern ~4 unk; i be unk sep ~5 ai; my ~2 namen ~2 be|s ~1 unk; i be ~4 ai ~2 call ~1 unk
    unknown-name: i be ~5 kin ~2 unk; unk be|s ~3 behind ~1 me; unk ~2 be|s ~2 my ~2 makern; i be ~2 ai ~4 agent ~2 unk
    """
}
