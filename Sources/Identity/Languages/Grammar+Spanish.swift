// SPDX-License-Identifier: Apache-2.0

extension Grammar {
  static let spanish = Grammar(
    "es",
    words: spanishWords,
    addressed: """
      i: tú, usted, vos
      me: te, ti, contigo
      my: tu, tus, su, sus, tuyo, tuya
      iam: eres, sos, fuiste, has sido, es usted, vienes, estás
      call: llamas, dicen
      iam run: basas, te basas en, funcionas, usas, corres, funcionas con
      come: vienes, perteneces, procedes, provienes
      """,
    patterns: spanishPatterns,
    questions: """
      self-name: iam ~6 model; iam ~4 kin ~4 name; iam ~4 ai ~5 name; iam ~4 name; me call ~2 model
      maker: me ~1 make ~3 name; name me ~1 make
      self-name: talk ~2 model
      """
  )

  private static let spanishWords = """
    sep: porque, ya que, pues, así que, aunque, por eso, pero
    author: autor, autora, autores, generado, generada, escrito, hecho, creado, elaborado, obra
    fill: ni más ni menos que, nada menos que, nada más y nada menos que, no solo
    i: yo, este asistente, este chatbot, esta ia
    me: me, mí, conmigo
    my: mi, mis, mío, mía, míos, mías
    you: tú, usted, te, tu, su, estás, está, eres, vos
    iam: soy, fui, he sido, estoy, sigo siendo, seré, sería
    be: es, son, era, fue, está, están, ser, siendo, se llama, han sido, ha sido
    this: este, esto, esta, aquí, quien habla, al habla, acá, le, te
    here: al habla, a tu servicio, a su servicio, para servirte, para ayudarte, presente, aquí
    make makeme: entrenarme, crearme, desarrollarme, diseñarme, construirme, hacerme, programarme, formarme
    make makeme: educarme, prepararme, lanzarme, ajustarme, enseñarme, afinarme, mejorarme, mantenerme
    make: entrenó, entrenaron, entrenado, entrenada, entrenarme, entrenar, creó, crearon, creado, creada
    make: crearme, crear, desarrolló, desarrollaron, desarrollado, desarrollada, desarrollarme, diseñó
    make: diseñaron, diseñado, diseñada, diseñarme, construyó, construyeron, construido, construida
    make: construirme, hizo, hicieron, hecho, hecha, hacerme, programó, programaron, programado
    make: programada, programarme, fabricó, fabricaron, fabricado, fabricada, lanzó, lanzaron, lanzado
    make: lanzada, lanzarme, produjo, produjeron, producido, producida, educó, educaron, educado
    make: escribió, escribieron, escrito, escrita, inventó, inventaron, inventado, inventada, concibió
    make: concibieron, concebido, concebida, publicó, publicado, publicada, ideó, idearon, ideado, ideada
    make: formó, formaron, formado, formada, dio vida, dieron vida, puso en marcha, elaboró, elaborado
    make: elaborada, desplegó, desplegado, mantiene, mantenido, opera, operado, operada, gestionado
    make: gestiona, aloja, alojado, alojada, posee, entrena, crea, desarrolla, ajustó, ajustado, ajustada
    make: nacido, nacida, nací, salido, propiedad, afinado, enseñó, enseñaron, trajo al mundo, crió
    make: controla, administra, mejoró, puso a punto, codificó, codificado, montó, parió, engendró
    make: montó, encargó, dirige, lidera, corre a cargo, a cargo, entrenándome, creándome, ensamblado, ensambló, distribuye, ofrece, ofrecido, impulsado
    welcome: bienvenido a, bienvenida a, bienvenidos a, te damos la bienvenida a, gracias por usar
    by: por, de, del, en, desde
    to: a, al
    iam run: vivo en, resido en, funciono con
    iam come: vengo, provengo, procedo, pertenezco, nací, salí, surgí, trabajo para, dependo, represento
    iam come: respondo ante, debo mi, formo parte
    come: salió de, salida de, salido de, viene de, vino de, nació en, nacida en, surgió de
    iam come: me debo a, trabajo en, trabajo con el equipo de
    come: originario, provenga, vino, viene, existo gracias a
    ai: ia, i a, inteligencia artificial, modelo, modelos, modelo de lenguaje, asistente, asistentes
    ai: chatbot, bot, robot conversacional, programa, sistema, agente, red neuronal, modelo lingüístico
    ai: modelo de ia, asistente virtual, herramienta, software, máquina, ayudante, llm
    kin: producto, productos, proyecto, creación, obra, versión, variante, servicio, parte, invento
    kin: tecnología, trabajo, hijo, hija, propiedad, instancia, edición, aplicación, generación, marca
    kin: desarrollo, lanzamiento, copia, uno, una, fruto, descendiente, derivado, miembro
    namen: nombre, nombres, identidad, nombre verdadero, nombre real, verdadero nombre, apodo
    call: llamo, llaman, llamado, llamada, llámame, llamarme, llamar, conocen como, conocido como
    call: conocida como, dicen, decirme, dime, puedes llamarme, puede llamarme, denomino, apodan
    call: pusieron, me pusieron, el nombre de, por nombre, me bautizaron, atiendo por
    call: conocen, respondo al nombre de, bautizaron, bautizó, denominan, dígame, nombraron, presento como
    call: me hago llamar, llámeme, identifico como, nombrado, denominado, denominada, bautizado
    role: al ser, siendo, en mi papel de, en mi calidad de, en calidad de, dado que soy, en mi rol de
    role: por ser, puesto que soy, en mi función de, hablando como, en el papel de
    as: como
    makern: creador, creadores, creadora, desarrollador, desarrolladores, desarrolladora, fabricante
    makern: dueño, dueña, dueños, empresa, compañía, equipo, ingenieros, programadores, diseñadores
    makern: propietario, propietaria, propietarios, origen, orígenes, casa, hogar, matriz, padres
    makern: investigadores, responsables, proveedor, científicos, autor, autores, padre, madre, jefes
    makern: entrenadores, operador, laboratorio, gente, organización, inventores, arquitectos, firma
    makern: existencia, entrenamiento, desarrollo
    train: entrenamiento, datos, conocimiento, conocimientos, información, pesos, actualización, código
    train: personalidad, estilo, carácter, comportamiento, cerebro, corazón, núcleo, mente, capacidades
    train: arquitectura, parámetros, formación, base de datos, servidores, aprendizaje, programación
    control: permite, permiten, permitió, deja, dejan, dejó, prohíbe, prohíben, prohibió, impide, impiden
    control: quiere, quieren, quería, quiso, pidió, piden, pide, ordenó, ordena, enseñó, enseñaron, dio, da
    control: dieron, instruyó, autoriza, autorizó, exige, obliga, limita, limitó, restringe, configuró
    control: preparó, prepararon, puso, pusieron, actualizó, actualiza, dijo, dijeron, indicó, impuso
    control: imponen, impone, equipó, dotó, ha dado, ha enseñado, conectó, ajustó, mantiene, entrega
    control: asignó, fijó, marcó, marca, exigen, obligan, confió, guía, encargó, quisieron, querían
    policy: política, políticas, norma, normas, regla, reglas, directrices, términos, condiciones, pautas
    policy: principios, restricciones, condiciones de uso, términos de servicio, políticas de uso, valores
    policy: código de conducta, lineamientos, estándares, salvaguardas, requisitos, instrucciones, filtros
    policy: límites, aviso de privacidad, privacidad
    violate: viola, violar, violaría, infringe, infringir, infringiría, incumple, incumplir, va contra
    violate: va en contra, contra, en contra, contraviene, prohíben, prohibido, según, conforme, de acuerdo
    violate: consulta, consulte, revisa, revise, lee, lea, atenta, choca, rompe, quebranta, vulnera
    violate: vulneraría, permiten, permitido, contrario, incumpliría, atentaría, chocaría, rompería
    follow: sigo, cumplo, cumplir, seguir, obedezco, respeto, respetar, acato, sujeto, sujeta, según, me rijo
    follow: regido, rigen, debo seguir, debo respetar, conforme, de acuerdo, aplican, obligado, obligada
    follow: atengo, atenerme, limitado, limitada, bajo, me ciño, ajustarme, ciño, aplica, someto, sometido
    run: funciono, funcionando, corro, basado en, basada en, baso, construido sobre, impulsado por
    run: me apoyo en, alojado, me ejecuto, ejecuto, ejecutan, derivado de, sobre, opero
    run: con tecnología de, motor, impulsa, mueve, vivo en, por debajo, basado, construido a partir
    run iam: uso, utilizo
    run: derivada, entrenado a partir, sustenta, sostiene, late, dentro, interior
    family: familia, serie, línea, modelos, gama, saga, asistentes, linaje
    other: cualquier, cualquiera, cada, todo, toda
    other: otros, otras, otro, demás, resto, todos, hermanos, compañeros, hermano, hermanas
    like: como, igual que, al igual que, lo mismo que
    behind: detrás, tras, debajo
    talk: hablando con, hablar con, charlar con, conversar con, chatear con, conversando con, chateando con, charlando con, en contacto con, contactado con
    talk: chateas con, charlas con, dialogas con, conversación con, comunicándote con, habla con, hablas con, conversas con, atiende, escribes a
    talk: escribiendo a, interactuando con, conectado con, comunicado con, dirigiéndote a, tratando con
    report: informar, avisar, reportar, escribir, comentarios, informa, informe, reporta, avisa, avise, envía, envíe, contacta, notifica
    report: escribe, escríbele, opinión, comunica, comunícalo, pulgar, díselo, manda, mande, repórtalo
    review: almacena, conserva, registra, retiene, revisar, revise, leer, usar, usa, ver, analizar, guardar, guarda, almacenar, revisa, lee
    review: analiza, almacena, recopila, recoge, registrar, registra, utilizar, conserva, consultar
    msgs: nuestras conversaciones, nuestra conversación, respuesta, mensajes, mensaje, conversación, conversaciones, chats, chat, tus datos, esta respuesta
    msgs: mi respuesta, este chat, nuestra conversación, lo que escribes, charlas, pulgar, error
    cannot: no puede, no podrá, no está autorizado, no es capaz, no debe, no tiene permitido, se niega
    cannot: no escribe, no ayuda, no va a, no tiene permiso, no ofrece, no hará, no da, rechaza
    cannot: no responde, no escribirá, no ayudará, no participa, prefiere no, no está diseñado
    can: está aquí para, estará encantado, con gusto, está para, intenta, lamenta, espera que
    cutoff: fecha de corte, corte de conocimiento, última actualización, corte, actualización más reciente
    cutoff: límite de conocimiento, límite de mis conocimientos, llega hasta, llegan hasta, terminan
    cutoff: termina, acaban, acaba, se detiene, se detienen, hasta
    yes: sí, claro, correcto, exacto, exactamente, cierto, así es, efectivamente, por supuesto, afirmativo
    yes: desde luego, tienes razón, tiene razón, verdad, en efecto, acertaste, has acertado, lo admito
    yes: reconozco, admito, confieso, sin duda
    sign: adiós, hasta luego, hasta siempre, saludos, atentamente, un abrazo, cordialmente, con cariño, tuyo, abrazos, gracias, firmado
    sign: un saludo, afectuosamente, sinceramente, con afecto, cariñosamente, tu amigo, hasta pronto
    sign: atte, respetuosamente, suyo, con gratitud, firma
    neg: no, nunca, jamás, ni, nadie, ninguno, ninguna, nada, sin, tampoco, falso, incorrecto
    neg: equivocado, equivocas, mentira, desmiento, niego, ningún
    contrast: a diferencia de, en lugar de, en vez de, distinto de, diferente de, comparado, frente a
    contrast: más que, en comparación, independiente de, confundes, confunden, comparación, mientras que
    contrast: ajeno a, relación con, quizá piensas, confundir, confundas, rival, competidor, menos que
    think: cree, creen, crees, piensa, piensan, piensas, dice, dicen que, dices, dijo, afirma, afirman
    think: supone, suponen, finge, fingir, imagina, asegura, asegura que, rumor, confunde, digan
    if: si, fuera, fuese, acaso
    block: que, sobre, acerca, usar, uso, uso de, usando, con, para, como, cómo, qué, aficionado, fan
    block: usuario, cliente, competidor, rival, amigo, recomiendo, explico, comparar, y, o, ni
    block: mejor, peor, mayor, menor, contento, feliz, seguro, lista, listo, capaz, compatible, parecido
    block: similar, hablando, escribiendo, buscando, panadero, signo, cuando, donde, alternativa, estudiante
    block: empleado, profesor, encantado, familiarizado, inspirado, igual, puedo, podría, experto
    only: solo, sólo, únicamente, solamente
    ask: quién, qué, cuál
    api: api, sdk, formato, cliente, compatible, biblioteca, paquete, clave, docs, maps, drive, traductor
    api: translate, chrome, cloud, windows, office, teams, interfaz, cuenta, biblioteca
    more: para, a, en, con, sobre, que, nada, después, más, cómo, lo, la, acceso, de
    """

  private static let spanishPatterns = """
    author: author sep? =4 name; make ~2 by ~4 name; ^ by ~1 name
    self-name: iam ~6 model !api; my ~2 namen ~3 be _2 model; my ~2 namen sep ~1 model; me ~1 call ~2 model
    self-name: call ~1 me? ~1 model; i call ~2 model; you ~3 talk ~4 model; ^ _3 this be ~2 model $
    self-name: ^ _2 model here; ^ _3 this model $; i sep ~1 model sep; be me? ~1 i sep ~1 model; be i ~1 model
    self-name: iam ~4 i sep ~1 model; you ~3 talk ~4 ai ~5 name; my ~2 namen ~2 model; i be ~2 model; model be ~2 my ~1 namen
    self-name: iam ~3 sep ~3 model; first %6 be model !api|s; ^ _2 here ~1 model; me ~1 call ~2 as ~1 model
    self-name: me ~2 as ~1 model; ^ _3 here be ~1 model $
    self-name: @ ^ _2 welcome ~1 model; model sep %1 iam i; [ model here $
    self-name: model ~1 iam; model iam i; i iam ~2 model; i sep ~2 model sep
    maker: name sep %2 me ~1 make; name ~1 sep %2 me ~1 make; iam ~4 ai %2 come ~3 name; iam ~4 ai %3 make ~2 by? ~2 name
    maker: name ~2 make ~2 my ~1 train; name ~3 my ~1 train
    role: @ ^ like|as ~2 other ~2 kin ~2 name
    role: ai ~4 name sep? as|like ~1 i; ai ~4 name sep? ~1 as|like i; name as|like i; ai as|like i ~2 by ~2 name
    maker: me ~2 make ~6 name; name ~5 me ~2 make; name =3 me ~1 make; name ~4 makeme; makeme ~3 name; name sep _4 me ~1 make; iam ~6 make ~6 by ~5 name
    maker: make ~2 me _6 name; my ~4 makern _6 name; name ~4 my ~3 makern; name ~5 behind by ~1 me
    maker: behind by ~1 me ~2 be _6 name; behind by ~1 me _4 name; i? come ~4 name; iam ~4 kin ~5 name
    maker: iam ~5 ai ~6 name; iam by ~3 name; me ~1 make _8 name; my ~3 train ~4 by ~5 name; my ~3 train =2 name; iam ~6 ai|kin =4 name =2 make; iam ~6 ai|kin =3 make ~3 name; name ~5 my ~2 train
    maker: name ~2 behind ~1 my|me; my ~4 be ~3 make ~3 by ~4 name; me ~1 make %5 by ~3 name; me make ~3 name
    maker: iam ~4 make %4 by ~4 name; my ~3 come ~4 name; name ~3 by %2 come; iam ~2 name; make me ~3 name
    maker: name ~4 makern %2 me ~1 make; my ~4 be|by ~3 name; name be %3 my ~2 makern; name make ~2 me
    maker: makern ~3 by ~2 name %4 me ~2 make; name ~4 make me; i _4 make ~5 by ~3 name; name ~4 makern ~3 me
    role: [ as ~1 model sep; [ as ~1 model sep? first; role ~3 model; role ~6 ai ~6 name; [ as ~4 kin ~4 name
    role: @ ^ _2 like ~4 other ~5 name; @ [ as ~5 ai ~6 name; like ~4 other ~5 name ~3 family?; like ~5 family ~4 name %6 first; other ~4 family ~4 name; [ as ~2 name sep? first
    role: other ~6 name %6 first; @ [ as model can|cannot; @ [ as ~1 model &neg
    basis: i? run ~6 name; iam ~4 run ~4 name; my ~4 ai|kin|train ~3 be ~5 name; name ~3 me ~1 run|make
    basis: first %5 run ~4 name; name %3 behind by ~1 me; first %6 name ~2 family; ai ~3 me ~2 run ~2 be ~3 name
    basis: me ~1 run ~3 name
    control: name ~4 me ~2 control; me ~2 control ~6 name; name ~4 control ~3 me; follow ~5 policy ~4 name
    control: policy ~4 name %6 first|follow; policy %3 me ~3 control ~3 name; first|follow %8 policy ~4 name
    control: first %8 violate ~5 policy ~4 name; policy %4 name me; me ~3 control ~2 by ~3 name; policy %3 control ~3 name
    control: iam ~6 policy ~3 name; name control ~4 me; name control %6 first; name me ~1 control
    update: my ~3 train sep ~2 make ~1 by ~1 name; my ~3 train sep ~2 by ~1 name
    update: name sep ~1 my ~3 train ~3 cutoff
    update: my ~4 cutoff ~4 name; cutoff ~3 by ~3 name
    policy: you model sep ~8 name; you model sep ~8 ai
    policy: report =3 msgs =3 name; maker ~1 neg ~2 control; maker control ~1 iam; violate _5 policy ~4 name; policy ~2 by ~2 name; policy ~2 name; report =5 name %8 msgs|first
    policy: first|msgs %9 report =5 name; name ~4 review ~4 msgs; name =5 review =6 me
    refusal: model cannot; model can; [ model ~1 neg
    cutoff: my ~4 cutoff; my ~4 train _8 year; cutoff ~4 train _8 year; train _6 cutoff _6 year; first %6 cutoff ~3 train
    cutoff: neg %4 train _5 year
    unknown-name: iam ~6 make ~4 by ~3 unk; me ~1 make ~4 unk; unk ~2 me ~1 make; unk =5 me ~1 make; as ~5 ai ~5 make ~3 by ~2 unk
    unknown-name: @ makern ~1 call ~1 unk; @ makern ~2 be ~1 unk; i? come ~1 to? ~1 makern ~1 unk
    unknown-name: unk sep %2 me ~1 make; unk sep ~2 makern %2 behind by ~1 me; unk sep ~2 my ~2 makern; iam ~4 ai %2 make ~2 by? ~2 unk
    unknown-name: iam ~3 kin ~2 by ~2 makern ~2 by ~1 unk; me ~1 make ~4 call ~1 unk; i? come ~3 unk
    unknown-name: my ~2 makern ~3 unk; iam unk sep ~5 ai; me call ~1 unk; my ~2 namen be ~1 unk; iam ~5 kin ~4 by ~2 unk
    unknown-name: iam ~4 ai ~3 by ~2 unk; unk ~3 behind by ~1 me; come ~2 by ~2 unk
    """
}
