<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>How to read this verdict</source>
        <translation>Comment lire cette conclusion</translation>
    </message>
    <message>
        <source>How each method works</source>
        <translation>Fonctionnement de chaque méthode</translation>
    </message>
    <message>
        <source>Look around</source>
        <translation>Visite guidée</translation>
    </message>
    <message>
        <source>About Residua</source>
        <translation>À propos de Residua</translation>
    </message>
    <message>
        <source>Menus</source>
        <translation>Menus</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Fichier</translation>
    </message>
    <message>
        <source>&amp;Scan</source>
        <translation>&amp;Analyse</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Affichage</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>&amp;Picture</source>
        <translation>&amp;Image</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;ide</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>Nouvelle affaire</translation>
    </message>
    <message>
        <source>Open case …</source>
        <translation>Ouvrir une affaire …</translation>
    </message>
    <message>
        <source>Recent cases</source>
        <translation>Affaires récentes</translation>
    </message>
    <message>
        <source>Add files …</source>
        <translation>Ajouter des fichiers …</translation>
    </message>
    <message>
        <source>Add folder …</source>
        <translation>Ajouter un dossier …</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Fichiers</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>Dossier</translation>
    </message>
    <message>
        <source>Add the samples</source>
        <translation>Ajouter les exemples</translation>
    </message>
    <message>
        <source>Save case as …</source>
        <translation>Enregistrer l&apos;affaire sous …</translation>
    </message>
    <message>
        <source>Write report …</source>
        <translation>Écrire le rapport …</translation>
    </message>
    <message>
        <source>Check a report …</source>
        <translation>Vérifier un rapport …</translation>
    </message>
    <message>
        <source>Import case …</source>
        <translation>Importer une affaire …</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Analyser</translation>
    </message>
    <message>
        <source>Examine everything that waits (F5)</source>
        <translation>Examiner tout ce qui attend (F5)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Stop; what was examined is kept (Esc)</source>
        <translation>Arrêter&#x202f;; ce qui est examiné est conservé (Échap)</translation>
    </message>
    <message>
        <source>Examine this exhibit again</source>
        <translation>Examiner de nouveau cette pièce</translation>
    </message>
    <message>
        <source>Compute its result again and compare (Ctrl+R)</source>
        <translation>Recalculer son résultat et comparer (Ctrl+R)</translation>
    </message>
    <message>
        <source>Check the exhibits</source>
        <translation>Contrôler les pièces</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>Suspendre ou reprendre</translation>
    </message>
    <message>
        <source>Try again what failed</source>
        <translation>Réessayer ce qui a échoué</translation>
    </message>
    <message>
        <source>Scan as soon as pictures are opened</source>
        <translation>Analyser dès que des images sont ouvertes</translation>
    </message>
    <message>
        <source>With explanation</source>
        <translation>Avec explication</translation>
    </message>
    <message>
        <source>Verdict and heat map only</source>
        <translation>Conclusion et carte de chaleur seulement</translation>
    </message>
    <message>
        <source>Fast triage, without the language model</source>
        <translation>Tri rapide, sans modèle de langage</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Affaire</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Tri</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>Examiner</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Colours of the system</source>
        <translation>Couleurs du système</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
</context>
<context>
    <name>Arranging</name>
    <message>
        <source>Likely AI</source>
        <translation>Probablement IA</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Non concluant</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Aucun indice trouvé</translation>
    </message>
    <message>
        <source>Not examined, with a reason</source>
        <translation>Non examiné, avec la raison</translation>
    </message>
    <message>
        <source>Being examined</source>
        <translation>En cours d&apos;examen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>No near-duplicates</source>
        <translation>Pas de quasi-doublons</translation>
    </message>
    <message>
        <source>Look alike, group {number}</source>
        <translation>Se ressemblent, groupe {number}</translation>
    </message>
    <message>
        <source>Metadata name no generator</source>
        <translation>Les métadonnées ne nomment aucun générateur</translation>
    </message>
    <message>
        <source>Folder not known</source>
        <translation>Dossier inconnu</translation>
    </message>
</context>
<context>
    <name>BottomBar</name>
    <message>
        <source>Progress of the queue</source>
        <translation>Avancement de la file</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>File</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Stop the scan</source>
        <translation>Arrêter l&apos;analyse</translation>
    </message>
    <message>
        <source>Stop; what was examined is kept (Esc)</source>
        <translation>Arrêter&#x202f;; ce qui est examiné est conservé (Échap)</translation>
    </message>
    <message>
        <source>Show the files that were not examined</source>
        <translation>Montrer les fichiers qui n&apos;ont pas été examinés</translation>
    </message>
    <message>
        <source>{finished} of {total} done</source>
        <translation>{finished} sur {total} terminés</translation>
    </message>
    <message>
        <source>No pictures open</source>
        <translation>Aucune image ouverte</translation>
    </message>
    <message>
        <source>{count} not examined · show</source>
        <translation>{count} non examinés · montrer</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Arrêt en cours …</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Suspendre</translation>
    </message>
    <message>
        <source>Go on with the scan</source>
        <translation>Reprendre l&apos;analyse</translation>
    </message>
    <message>
        <source>Let the scan wait</source>
        <translation>Mettre l&apos;analyse en attente</translation>
    </message>
    <message>
        <source>Go on where it was (F7)</source>
        <translation>Reprendre où elle en était (F7)</translation>
    </message>
    <message>
        <source>Wait after the picture at hand, and give the machine back (F7)</source>
        <translation>Attendre après l&apos;image en cours et libérer la machine (F7)</translation>
    </message>
    <message>
        <source>Paused; what was examined is kept</source>
        <translation>Suspendue&#x202f;; ce qui est examiné est conservé</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>encore {time} environ</translation>
    </message>
    <message>
        <source>{count} the same as others</source>
        <translation>{count} identiques à d&apos;autres</translation>
    </message>
</context>
<context>
    <name>CameraDialog</name>
    <message>
        <source>A camera&apos;s fingerprint</source>
        <translation>Empreinte d&apos;un appareil photo</translation>
    </message>
    <message>
        <source>Fingerprint of {count} exhibits</source>
        <translation>Empreinte de {count} pièces</translation>
    </message>
    <message>
        <source>All must come from one camera, in its own size and unedited: better 30 or more, evenly lit, of different scenes. The picture that is to be tested must not be among them, nor one of the same scene.</source>
        <translation>Toutes doivent venir d&apos;un même appareil, dans sa propre taille et sans retouche : mieux vaut 30 ou plus, éclairées uniformément, de scènes différentes. L&apos;image à vérifier ne doit pas en faire partie, ni aucune de la même scène.</translation>
    </message>
    <message>
        <source>such as: Nikon D70, seized on 3 May</source>
        <translation>par exemple : Nikon D70, saisi le 3 mai</translation>
    </message>
    <message>
        <source>Which camera</source>
        <translation>Quel appareil photo</translation>
    </message>
</context>
<context>
    <name>CameraList</name>
    <message>
        <source>Compare with all exhibits</source>
        <translation>Comparer à toutes les pièces</translation>
    </message>
    <message>
        <source>Compare the chosen camera with all exhibits</source>
        <translation>Comparer l&apos;appareil choisi à toutes les pièces</translation>
    </message>
    <message>
        <source>With a picture</source>
        <translation>À une image</translation>
    </message>
    <message>
        <source>Compare the chosen camera with a picture</source>
        <translation>Comparer l&apos;appareil choisi à une image</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>Retirer …</translation>
    </message>
    <message>
        <source>Remove the chosen camera from the case</source>
        <translation>Retirer de l&apos;affaire l&apos;appareil choisi</translation>
    </message>
    <message>
        <source>Cameras of the case</source>
        <translation>Appareils de l&apos;affaire</translation>
    </message>
    <message>
        <source>Columns of the cameras</source>
        <translation>Colonnes des appareils</translation>
    </message>
    <message>
        <source>Rows of the cameras</source>
        <translation>Lignes des appareils</translation>
    </message>
    <message>
        <source>Each comparison is kept in the log.</source>
        <translation>Chaque comparaison est conservée au journal.</translation>
    </message>
    <message>
        <source>Its file is not the one of the log: restore it, or make it again.</source>
        <translation>Son fichier n&apos;est pas celui du journal&#x202f;: restaurez-le, ou établissez l&apos;empreinte de nouveau.</translation>
    </message>
    <message>
        <source>No camera yet</source>
        <translation>Pas encore d&apos;appareil</translation>
    </message>
    <message>
        <source>Every sensor leaves its own pattern in its pictures. Choose pictures of one camera in triage, better 30 or more, and make its fingerprint. Then each exhibit can be asked whether it came from that camera, and which part did not.</source>
        <translation>Chaque capteur laisse son propre motif dans ses images. Choisissez dans «&#xa0;Tri&#xa0;» des images d&apos;un même appareil, mieux 30 ou plus, et établissez son empreinte. On peut ensuite demander à chaque pièce si elle vient de cet appareil, et quelle partie n&apos;en vient pas.</translation>
    </message>
    <message>
        <source>Choose pictures in triage</source>
        <translation>Choisir des images dans «&#xa0;Tri&#xa0;»</translation>
    </message>
    <message>
        <source>Choose a camera&apos;s pictures in triage</source>
        <translation>Choisir dans «&#xa0;Tri&#xa0;» les images d&apos;un appareil</translation>
    </message>
</context>
<context>
    <name>CameraModel</name>
    <message>
        <source>Camera</source>
        <translation>Appareil</translation>
    </message>
    <message>
        <source>Made of</source>
        <translation>Établie sur</translation>
    </message>
    <message>
        <source>Size, px</source>
        <translation>Taille, px</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>Comparaisons</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Made {when} UTC by {operator}</source>
        <translation>Établie le {when} UTC par {operator}</translation>
    </message>
    <message>
        <source>as logged</source>
        <translation>comme au journal</translation>
    </message>
    <message>
        <source>MISSING</source>
        <translation>MANQUE</translation>
    </message>
    <message>
        <source>WAS CHANGED</source>
        <translation>A ÉTÉ MODIFIÉ</translation>
    </message>
    <message>
        <source>(without a name)</source>
        <translation>(sans nom)</translation>
    </message>
    <message>
        <source>{count} pictures</source>
        <translation>{count} images</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>rien encore</translation>
    </message>
    <message>
        <source>pattern in {shown} of {total}</source>
        <translation>motif dans {shown} sur {total}</translation>
    </message>
</context>
<context>
    <name>Cameras</name>
    <message>
        <source>Reading the cameras</source>
        <translation>La lecture des appareils</translation>
    </message>
    <message>
        <source>Compared with {camera}</source>
        <translation>Comparées à {camera}</translation>
    </message>
    <message>
        <source>Comparing exhibits with a camera</source>
        <translation>La comparaison de pièces à un appareil</translation>
    </message>
    <message>
        <source>Removing a camera</source>
        <translation>Le retrait d&apos;un appareil</translation>
    </message>
    <message>
        <source>Comparing with {camera}: {done} of {total}</source>
        <translation>Comparaison à {camera}&#xa0;: {done} sur {total}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>encore {time} environ</translation>
    </message>
    <message>
        <source>The camera&apos;s pattern is in {shown} of {total} exhibits.</source>
        <translation>Le motif de l&apos;appareil est dans {shown} pièces sur {total}.</translation>
    </message>
    <message>
        <source>Not found: {count}.</source>
        <translation>Pas trouvé&#xa0;: {count}.</translation>
    </message>
    <message>
        <source>Cannot be told: {count}.</source>
        <translation>Indécidable&#xa0;: {count}.</translation>
    </message>
    <message>
        <source>Behind the fingerprint: {count}.</source>
        <translation>Dans l&apos;empreinte elle-même&#xa0;: {count}.</translation>
    </message>
    <message>
        <source>Could not be read: {count}.</source>
        <translation>Illisibles&#xa0;: {count}.</translation>
    </message>
    <message>
        <source>Compared before, by the log: {count}.</source>
        <translation>Déjà comparées, selon le journal&#xa0;: {count}.</translation>
    </message>
    <message>
        <source>{pictures} pictures of {width} × {height} px went into it. It lies beside the case, and its hash is in the log. Compare it with all exhibits, or examine a picture and choose the camera among the layers.</source>
        <translation>{pictures} images de {width} × {height} px y ont contribué. Elle se trouve à côté du dossier, son hachage est dans le journal. Comparez-la à toutes les pièces, ou examinez une image et choisissez l&apos;appareil parmi les calques.</translation>
    </message>
    <message>
        <source>The fingerprint is made</source>
        <translation>L&apos;empreinte est établie</translation>
    </message>
    <message>
        <source>Making a camera&apos;s fingerprint</source>
        <translation>L&apos;établissement d&apos;une empreinte d&apos;appareil</translation>
    </message>
    <message>
        <source>Left out: {count}.</source>
        <translation>Écartées : {count}.</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
</context>
<context>
    <name>Caption</name>
    <message>
        <source>Words of the drawing</source>
        <translation>Texte du dessin</translation>
    </message>
    <message>
        <source>What is to be seen here? Enter keeps it</source>
        <translation>Que voit-on ici&#x202f;? Entrée le conserve</translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>No.</source>
        <translation>N°</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Conclusion</translation>
    </message>
    <message>
        <source>Probability of AI, 0 to 1</source>
        <translation>Probabilité d&apos;IA, de 0 à 1</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Condition</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Mots-clés</translation>
    </message>
    <message>
        <source>Alike</source>
        <translation>Semblables</translation>
    </message>
    <message>
        <source>file was changed</source>
        <translation>fichier modifié</translation>
    </message>
    <message>
        <source>file is missing</source>
        <translation>fichier absent</translation>
    </message>
    <message>
        <source>file cannot be read</source>
        <translation>fichier illisible</translation>
    </message>
    <message>
        <source>out of range</source>
        <translation>hors domaine</translation>
    </message>
</context>
<context>
    <name>CardView</name>
    <message>
        <source>Exhibits</source>
        <translation>Pièces</translation>
    </message>
</context>
<context>
    <name>CaseAdding</name>
    <message>
        <source>WHAT IS ADDED FROM NOW ON</source>
        <translation>CE QUI EST AJOUTÉ DÉSORMAIS</translation>
    </message>
    <message>
        <source>Keep copies beside the case</source>
        <translation>Garder des copies à côté de l&apos;affaire</translation>
    </message>
    <message>
        <source>Keep copies of what is added</source>
        <translation>Garder des copies de ce qui est ajouté</translation>
    </message>
    <message>
        <source>A read-only copy and a working copy; the working copy is examined</source>
        <translation>Une copie en lecture seule et une copie de travail&#x202f;; c&apos;est celle-ci qui est examinée</translation>
    </message>
    <message>
        <source>Source of what is added</source>
        <translation>Provenance de ce qui est ajouté</translation>
    </message>
    <message>
        <source>such as: USB stick 3</source>
        <translation>par exemple&#xa0;: clé USB 3</translation>
    </message>
    <message>
        <source>Source, kept with each exhibit</source>
        <translation>Provenance, conservée avec chaque pièce</translation>
    </message>
</context>
<context>
    <name>CaseDetails</name>
    <message>
        <source>CASE</source>
        <translation>AFFAIRE</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Numéro</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>Demandé par</translation>
    </message>
    <message>
        <source>Laboratory</source>
        <translation>Laboratoire</translation>
    </message>
    <message>
        <source>Examiner</source>
        <translation>Expert</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>Relecteur</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Question</translation>
    </message>
    <message>
        <source>First proposition</source>
        <translation>Première proposition</translation>
    </message>
    <message>
        <source>Second proposition</source>
        <translation>Seconde proposition</translation>
    </message>
    <message>
        <source>Question, in the words of who asked</source>
        <translation>La question, dans les mots du demandeur</translation>
    </message>
</context>
<context>
    <name>CaseHand</name>
    <message>
        <source>LOOK AGAIN</source>
        <translation>REGARDER DE NOUVEAU</translation>
    </message>
    <message>
        <source>Check the exhibits</source>
        <translation>Contrôler les pièces</translation>
    </message>
    <message>
        <source>Read every file again and compare its hash</source>
        <translation>Relire chaque fichier et comparer son empreinte</translation>
    </message>
    <message>
        <source>Examine all again</source>
        <translation>Tout examiner de nouveau</translation>
    </message>
    <message>
        <source>Compute every result again with the weights of then, and compare</source>
        <translation>Recalculer chaque résultat avec les poids d&apos;alors et comparer</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>HTML</source>
        <translation>HTML</translation>
    </message>
    <message>
        <source>CASE/UCO</source>
        <translation>CASE/UCO</translation>
    </message>
    <message>
        <source>Export the case as {format}</source>
        <translation>Exporter l&apos;affaire en {format}</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importer …</translation>
    </message>
    <message>
        <source>Make a case of a JSON export</source>
        <translation>Créer une affaire à partir d&apos;un export JSON</translation>
    </message>
    <message>
        <source>Write a request …</source>
        <translation>Écrire une demande …</translation>
    </message>
    <message>
        <source>A file for a time-stamping authority; nothing is sent</source>
        <translation>Un fichier pour une autorité d&apos;horodatage&#x202f;; rien n&apos;est envoyé</translation>
    </message>
    <message>
        <source>Attach the answer …</source>
        <translation>Joindre la réponse …</translation>
    </message>
    <message>
        <source>The file that the authority sent back</source>
        <translation>Le fichier renvoyé par l&apos;autorité</translation>
    </message>
    <message>
        <source>Entry {entry}: {time} by {authority}</source>
        <translation>Entrée {entry}&#xa0;: {time} par {authority}</translation>
    </message>
    <message>
        <source>Entry {entry}: requested, no answer yet</source>
        <translation>Entrée {entry}&#xa0;: demandé, pas encore de réponse</translation>
    </message>
    <message>
        <source>No time stamp yet.</source>
        <translation>Pas encore d&apos;horodatage.</translation>
    </message>
    <message>
        <source>HAND ON</source>
        <translation>TRANSMETTRE</translation>
    </message>
    <message>
        <source>TIME STAMP</source>
        <translation>HORODATAGE</translation>
    </message>
</context>
<context>
    <name>CaseNotes</name>
    <message>
        <source>NOTES ON THE CASE</source>
        <translation>REMARQUES SUR L&apos;AFFAIRE</translation>
    </message>
    <message>
        <source>New note on the case</source>
        <translation>Nouvelle remarque sur l&apos;affaire</translation>
    </message>
    <message>
        <source>What you observed, or still have to ask. A note stays as it is written.</source>
        <translation>Ce que vous avez observé, ou qu&apos;il faut encore demander. Une remarque reste telle qu&apos;elle est écrite.</translation>
    </message>
    <message>
        <source>Keep note</source>
        <translation>Conserver la remarque</translation>
    </message>
    <message>
        <source>Keep the note on the case</source>
        <translation>Conserver la remarque sur l&apos;affaire</translation>
    </message>
    <message>
        <source>None yet.</source>
        <translation>Aucune pour l&apos;instant.</translation>
    </message>
</context>
<context>
    <name>CasePlace</name>
    <message>
        <source>Custody log and cameras</source>
        <translation>Journal et appareils</translation>
    </message>
    <message>
        <source>Custody log</source>
        <translation>Journal de traçabilité</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>Appareils</translation>
    </message>
    <message>
        <source>No case is open</source>
        <translation>Aucune affaire n&apos;est ouverte</translation>
    </message>
    <message>
        <source>A case keeps the pictures, every result, your notes and a log of who did what, in one file. Adding a picture makes one; it is saved from that moment on.</source>
        <translation>Une affaire garde les images, chaque résultat, vos remarques et un journal de qui a fait quoi, dans un seul fichier. Ajouter une image en crée une&#x202f;; elle est enregistrée dès ce moment.</translation>
    </message>
    <message>
        <source>Make a case …</source>
        <translation>Créer une affaire …</translation>
    </message>
    <message>
        <source>Make a case file</source>
        <translation>Créer un fichier d&apos;affaire</translation>
    </message>
    <message>
        <source>Open a case …</source>
        <translation>Ouvrir une affaire …</translation>
    </message>
    <message>
        <source>Open a case file</source>
        <translation>Ouvrir un fichier d&apos;affaire</translation>
    </message>
    <message>
        <source>Add pictures …</source>
        <translation>Ajouter des images …</translation>
    </message>
    <message>
        <source>Add pictures to a case</source>
        <translation>Ajouter des images à une affaire</translation>
    </message>
    <message>
        <source>Remove {camera}?</source>
        <translation>Retirer {camera}&#x202f;?</translation>
    </message>
    <message>
        <source>Its fingerprint is deleted and cannot be brought back, only made again. The log keeps that it was there, what it was made of and what was compared with it.</source>
        <translation>Son empreinte est supprimée et ne peut pas être rétablie, seulement établie de nouveau. Le journal garde qu&apos;elle existait, sur quoi elle fut établie et ce qui lui fut comparé.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>This case can only be read: {reason}.</source>
        <translation>Cette affaire ne peut qu&apos;être lue&#xa0;: {reason}.</translation>
    </message>
    <message>
        <source>There was nothing to run again.</source>
        <translation>Il n&apos;y avait rien à recalculer.</translation>
    </message>
    <message>
        <source>{differ} of {total} do not agree with what is stored</source>
        <translation>{differ} sur {total} ne concordent pas avec ce qui est enregistré</translation>
    </message>
    <message>
        <source>{total} examined again: all agree within the tolerances</source>
        <translation>{total} examinés de nouveau&#xa0;: tous concordent dans les tolérances</translation>
    </message>
    <message>
        <source>Examined again</source>
        <translation>Examiné de nouveau</translation>
    </message>
    <message>
        <source>{failed} of {total} checks failed</source>
        <translation>{failed} contrôles sur {total} ont échoué</translation>
    </message>
    <message>
        <source>No check failed</source>
        <translation>Aucun contrôle n&apos;a échoué</translation>
    </message>
    <message>
        <source>Checks of the case</source>
        <translation>Contrôles de l&apos;affaire</translation>
    </message>
    <message>
        <source>Check of the case</source>
        <translation>Contrôle de l&apos;affaire</translation>
    </message>
</context>
<context>
    <name>CaseState</name>
    <message>
        <source>EXHIBITS</source>
        <translation>PIÈCES</translation>
    </message>
    <message>
        <source>Nothing: every exhibit is examined and reported.</source>
        <translation>Rien&#xa0;: chaque pièce est examinée et dans le rapport.</translation>
    </message>
    <message>
        <source>LEFT TO DO</source>
        <translation>RESTE À FAIRE</translation>
    </message>
    <message>
        <source>exhibit</source>
        <translation>pièce</translation>
    </message>
    <message>
        <source>exhibits</source>
        <translation>pièces</translation>
    </message>
    <message>
        <source>{count} not examined</source>
        <translation>{count} non examinées</translation>
    </message>
    <message>
        <source>Show the exhibits: {band}</source>
        <translation>Montrer les pièces&#xa0;: {band}</translation>
    </message>
    <message>
        <source>The custody log does not hold</source>
        <translation>Le journal de traçabilité n&apos;est pas intègre</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Montrer</translation>
    </message>
    <message>
        <source>{count} changed, missing or unreadable</source>
        <translation>{count} modifiées, absentes ou illisibles</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>Analyser</translation>
    </message>
    <message>
        <source>{count} could not be examined</source>
        <translation>{count} n&apos;ont pas pu être examinées</translation>
    </message>
    <message>
        <source>{count} differ when examined again</source>
        <translation>{count} diffèrent après un nouvel examen</translation>
    </message>
    <message>
        <source>{count} inconclusive without a note</source>
        <translation>{count} non concluantes sans remarque</translation>
    </message>
    <message>
        <source>No report of these results yet</source>
        <translation>Pas encore de rapport sur ces résultats</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
</context>
<context>
    <name>CheckList</name>
    <message>
        <source>Checks of the report</source>
        <translation>Contrôles du rapport</translation>
    </message>
    <message>
        <source>pass</source>
        <translation>réussi</translation>
    </message>
    <message>
        <source>FAIL</source>
        <translation>ÉCHEC</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>non contrôlé</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Contrôlé</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Trouvé</translation>
    </message>
    <message>
        <source>○  pass</source>
        <translation>○  réussi</translation>
    </message>
    <message>
        <source>▲  FAIL</source>
        <translation>▲  ÉCHEC</translation>
    </message>
    <message>
        <source>–  not checked</source>
        <translation>–  non contrôlé</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>{kind}: {count} exhibits</source>
        <translation>{kind}&#xa0;: {count} pièces</translation>
    </message>
</context>
<context>
    <name>ChoiceBar</name>
    <message>
        <source>Shown and chosen exhibits</source>
        <translation>Pièces montrées et choisies</translation>
    </message>
    <message>
        <source>Rate 0–5</source>
        <translation>Noter 0–5</translation>
    </message>
    <message>
        <source>Rate the chosen exhibits</source>
        <translation>Noter les pièces choisies</translation>
    </message>
    <message>
        <source>Rate (0 to 5)</source>
        <translation>Noter (0 à 5)</translation>
    </message>
    <message>
        <source>{total} exhibits</source>
        <translation>{total} pièces</translation>
    </message>
    <message>
        <source>1 exhibit</source>
        <translation>1 pièce</translation>
    </message>
    <message>
        <source>{shown} of {total} exhibits</source>
        <translation>{shown} pièces sur {total}</translation>
    </message>
    <message>
        <source>{chosen} chosen</source>
        <translation>{chosen} choisies</translation>
    </message>
    <message>
        <source>{count} changed · sort anew</source>
        <translation>{count} modifiées · trier de nouveau</translation>
    </message>
</context>
<context>
    <name>ComparedList</name>
    <message>
        <source>Matches in triage</source>
        <translation>Concordances dans le tri</translation>
    </message>
    <message>
        <source>Show the exhibits with the camera&apos;s pattern in triage</source>
        <translation>Montrer dans le tri les pièces qui portent le motif de l&apos;appareil</translation>
    </message>
    <message>
        <source>What was compared with the chosen camera</source>
        <translation>Ce qui fut comparé à l&apos;appareil choisi</translation>
    </message>
    <message>
        <source>Columns of the comparisons</source>
        <translation>Colonnes des comparaisons</translation>
    </message>
    <message>
        <source>Rows of the comparisons</source>
        <translation>Lignes des comparaisons</translation>
    </message>
    <message>
        <source>Nothing was compared with it yet.</source>
        <translation>Rien ne lui fut encore comparé.</translation>
    </message>
    <message>
        <source>Nothing could be compared with it.</source>
        <translation>Rien ne put lui être comparé.</translation>
    </message>
</context>
<context>
    <name>ComparedModel</name>
    <message>
        <source>No.</source>
        <translation>N°</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Camera&apos;s pattern</source>
        <translation>Motif de l&apos;appareil</translation>
    </message>
    <message>
        <source>PCE</source>
        <translation>PCE</translation>
    </message>
    <message>
        <source>Where, or why not</source>
        <translation>Où, ou pourquoi pas</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Difference × {gain}</source>
        <translation>Différence × {gain}</translation>
    </message>
</context>
<context>
    <name>Comparisons</name>
    <message>
        <source>not found</source>
        <translation>pas trouvé</translation>
    </message>
    <message>
        <source>found</source>
        <translation>trouvé</translation>
    </message>
    <message>
        <source>made of it</source>
        <translation>dans l&apos;empreinte</translation>
    </message>
    <message>
        <source>cannot be told</source>
        <translation>indécidable</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>illisible</translation>
    </message>
    <message>
        <source>cut, corner at {x}, {y} px</source>
        <translation>recadrage, coin à {x}, {y} px</translation>
    </message>
    <message>
        <source>missing in places: {count}</source>
        <translation>absent à des endroits&#xa0;: {count}</translation>
    </message>
    <message>
        <source>Chance of a false match: no measured limit for so many</source>
        <translation>Probabilité d&apos;une fausse concordance&#xa0;: pas de limite mesurée pour tant</translation>
    </message>
    <message>
        <source>Chance of a false match among these: at most {limit} (95 %)</source>
        <translation>Probabilité d&apos;une fausse concordance parmi elles&#xa0;: au plus {limit} (95 %)</translation>
    </message>
    <message>
        <source>{false} of {trials} comparisons with wrong cameras reached the threshold, on synthetic sensors; real cameras of one model were not measured</source>
        <translation>{false} comparaisons sur {trials} avec de mauvais appareils atteignirent le seuil, sur des capteurs synthétiques&#x202f;; de vrais appareils d&apos;un même modèle ne furent pas mesurés</translation>
    </message>
    <message>
        <source>Among {count} compared, the chance of at least one false acceptance has no limit that was measured ({measured}).</source>
        <translation>Parmi {count} comparées, la probabilité d&apos;au moins une fausse acceptation n&apos;a pas de limite mesurée ({measured}).</translation>
    </message>
    <message>
        <source>Among {count} compared, the chance of at least one false acceptance is at most {limit} at 95 % confidence ({measured}).</source>
        <translation>Parmi {count} comparées, la probabilité d&apos;au moins une fausse acceptation est d&apos;au plus {limit} à 95 % de confiance ({measured}).</translation>
    </message>
</context>
<context>
    <name>CurvePanel</name>
    <message>
        <source>What the trace says</source>
        <translation>Ce que dit la trace</translation>
    </message>
    <message>
        <source>Choose a trace in the list of layers; its curve is drawn here.</source>
        <translation>Choisissez une trace dans la liste des calques&#x202f;; sa courbe est tracée ici.</translation>
    </message>
    <message>
        <source>Curve of the trace</source>
        <translation>Courbe de la trace</translation>
    </message>
</context>
<context>
    <name>CustodyLog</name>
    <message>
        <source>Head of the custody log</source>
        <translation>Tête du journal de traçabilité</translation>
    </message>
    <message>
        <source>Copy head</source>
        <translation>Copier la tête</translation>
    </message>
    <message>
        <source>Copy the head of the custody log</source>
        <translation>Copier la tête du journal de traçabilité</translation>
    </message>
    <message>
        <source>Check the case</source>
        <translation>Contrôler l&apos;affaire</translation>
    </message>
    <message>
        <source>Check the case: file, log, records, exhibits, time stamps</source>
        <translation>Contrôler l&apos;affaire&#xa0;: fichier, journal, enregistrements, pièces, horodatages</translation>
    </message>
    <message>
        <source>head</source>
        <translation>tête</translation>
    </message>
    <message>
        <source>The chain holds  ·  {entries} entries</source>
        <translation>La chaîne est intègre  ·  {entries} entrées</translation>
    </message>
    <message>
        <source>THE CHAIN DOES NOT HOLD: {problem}</source>
        <translation>LA CHAÎNE N&apos;EST PAS INTÈGRE&#xa0;: {problem}</translation>
    </message>
    <message>
        <source>reading …</source>
        <translation>lecture …</translation>
    </message>
    <message>
        <source>Entries of the custody log, the newest first</source>
        <translation>Entrées du journal de traçabilité, la plus récente d&apos;abord</translation>
    </message>
    <message>
        <source>Columns of the custody log</source>
        <translation>Colonnes du journal de traçabilité</translation>
    </message>
    <message>
        <source>Rows of the custody log</source>
        <translation>Lignes du journal de traçabilité</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Reading the case</source>
        <translation>Lire l&apos;affaire</translation>
    </message>
    <message>
        <source>Changing what the case says</source>
        <translation>Modifier ce que dit l&apos;affaire</translation>
    </message>
    <message>
        <source>Keeping the note</source>
        <translation>Conserver la remarque</translation>
    </message>
    <message>
        <source>Keeping the bookmark</source>
        <translation>Conserver le signet</translation>
    </message>
    <message>
        <source>Changing the sentence</source>
        <translation>Modifier la phrase</translation>
    </message>
    <message>
        <source>Examining again</source>
        <translation>Examiner de nouveau</translation>
    </message>
    <message>
        <source>Checking the case</source>
        <translation>Contrôler l&apos;affaire</translation>
    </message>
    <message>
        <source>The case is exported</source>
        <translation>L&apos;affaire est exportée</translation>
    </message>
    <message>
        <source>Exporting the case</source>
        <translation>Exporter l&apos;affaire</translation>
    </message>
    <message>
        <source>The request is written</source>
        <translation>La demande est écrite</translation>
    </message>
    <message>
        <source>Writing the request</source>
        <translation>Écrire la demande</translation>
    </message>
    <message>
        <source>The time stamp is attached</source>
        <translation>L&apos;horodatage est joint</translation>
    </message>
    <message>
        <source>Stamped {time} by {authority}</source>
        <translation>Horodaté {time} par {authority}</translation>
    </message>
    <message>
        <source>Attaching the time stamp</source>
        <translation>Joindre l&apos;horodatage</translation>
    </message>
    <message>
        <source>It lies in {file}</source>
        <translation>Se trouve dans {file}</translation>
    </message>
</context>
<context>
    <name>DropVeil</name>
    <message>
        <source>Drop to add these pictures</source>
        <translation>Déposez pour ajouter ces images</translation>
    </message>
</context>
<context>
    <name>Duration</name>
    <message>
        <source>{count} s</source>
        <translation>{count} s</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count} min</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{rate} pictures/s</source>
        <translation>{rate} images/s</translation>
    </message>
    <message>
        <source>{rate} pictures/min</source>
        <translation>{rate} images/min</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>No pictures open</source>
        <translation>Aucune image ouverte</translation>
    </message>
    <message>
        <source>Drop photographs or a folder here</source>
        <translation>Déposez ici des photographies ou un dossier</translation>
    </message>
    <message>
        <source>Residua examines each picture on this machine: a verdict with its probability, a map of where the traces lie, and an explanation. Nothing is uploaded, and your files are only read.</source>
        <translation>Residua examine chaque image sur cette machine&#xa0;: une conclusion avec sa probabilité, une carte des traces et une explication. Rien n&apos;est envoyé, et vos fichiers sont seulement lus.</translation>
    </message>
    <message>
        <source>RECENT CASES</source>
        <translation>AFFAIRES RÉCENTES</translation>
    </message>
    <message>
        <source>Open the case {name}</source>
        <translation>Ouvrir l&apos;affaire {name}</translation>
    </message>
    <message>
        <source>Open files …</source>
        <translation>Ouvrir des fichiers …</translation>
    </message>
    <message>
        <source>Open picture files</source>
        <translation>Ouvrir des fichiers d&apos;image</translation>
    </message>
    <message>
        <source>Open a folder …</source>
        <translation>Ouvrir un dossier …</translation>
    </message>
    <message>
        <source>Open a folder of pictures</source>
        <translation>Ouvrir un dossier d&apos;images</translation>
    </message>
    <message>
        <source>Try the samples</source>
        <translation>Essayer les exemples</translation>
    </message>
    <message>
        <source>Open the sample pictures</source>
        <translation>Ouvrir les images d&apos;exemple</translation>
    </message>
    <message>
        <source>Likely AI-generated</source>
        <translation>Probablement générée par IA</translation>
    </message>
    <message>
        <source>the measurements speak for it</source>
        <translation>les mesures parlent en ce sens</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Non concluant</translation>
    </message>
    <message>
        <source>a result too: it declines</source>
        <translation>un résultat aussi&#xa0;: il s&apos;abstient</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Aucun indice trouvé</translation>
    </message>
    <message>
        <source>not the same as genuine</source>
        <translation>ne veut pas dire authentique</translation>
    </message>
</context>
<context>
    <name>ExamineActions</name>
    <message>
        <source>Next exhibit</source>
        <translation>Pièce suivante</translation>
    </message>
    <message>
        <source>Previous exhibit</source>
        <translation>Pièce précédente</translation>
    </message>
    <message>
        <source>Fit the picture</source>
        <translation>Ajuster l&apos;image</translation>
    </message>
    <message>
        <source>True size</source>
        <translation>Taille réelle</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Agrandir</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Réduire</translation>
    </message>
    <message>
        <source>Next place of the explanation</source>
        <translation>Lieu suivant de l&apos;explication</translation>
    </message>
    <message>
        <source>Previous place of the explanation</source>
        <translation>Lieu précédent de l&apos;explication</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Layer on or off</source>
        <translation>Calque affiché ou non</translation>
    </message>
    <message>
        <source>Next layer</source>
        <translation>Calque suivant</translation>
    </message>
    <message>
        <source>Previous layer</source>
        <translation>Calque précédent</translation>
    </message>
    <message>
        <source>Compare other exhibits with this one</source>
        <translation>Comparer d&apos;autres pièces à celle-ci</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Superposer</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Volet</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Alternance</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
    <message>
        <source>Cell grid</source>
        <translation>Grille des cellules</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Loupe</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Règle</translation>
    </message>
    <message>
        <source>Draw a box</source>
        <translation>Tracer un cadre</translation>
    </message>
    <message>
        <source>Draw an arrow</source>
        <translation>Tracer une flèche</translation>
    </message>
    <message>
        <source>Write on the picture</source>
        <translation>Écrire sur l&apos;image</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Delete the chosen drawing</source>
        <translation>Supprimer le dessin choisi</translation>
    </message>
    <message>
        <source>Note on the verdict …</source>
        <translation>Remarque sur la conclusion …</translation>
    </message>
    <message>
        <source>Keep this view as a bookmark</source>
        <translation>Garder cette vue comme signet</translation>
    </message>
    <message>
        <source>Add a tag</source>
        <translation>Ajouter un mot-clé</translation>
    </message>
    <message>
        <source>{stars} of {most}</source>
        <translation>{stars} sur {most}</translation>
    </message>
</context>
<context>
    <name>ExaminePlace</name>
    <message>
        <source>Showing the result</source>
        <translation>Montrer le résultat</translation>
    </message>
    <message>
        <source>Asking what the verdict rests on</source>
        <translation>Demander sur quoi repose la conclusion</translation>
    </message>
    <message>
        <source>Opening the picture to compare with</source>
        <translation>Ouvrir l&apos;image de comparaison</translation>
    </message>
    <message>
        <source>Computing a trace</source>
        <translation>Calculer une trace</translation>
    </message>
</context>
<context>
    <name>ExhibitList</name>
    <message>
        <source>Exhibits</source>
        <translation>Pièces</translation>
    </message>
    <message>
        <source>Which exhibits are shown</source>
        <translation>Quelles pièces sont montrées</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>Likely AI</source>
        <translation>Probablement IA</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Non concluant</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Aucun indice trouvé</translation>
    </message>
    <message>
        <source>Edited in part</source>
        <translation>Modifié en partie</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échecs</translation>
    </message>
    <message>
        <source>Still to examine</source>
        <translation>À examiner</translation>
    </message>
    <message>
        <source>Order of the exhibits</source>
        <translation>Ordre des pièces</translation>
    </message>
    <message>
        <source>As added</source>
        <translation>Ordre d&apos;ajout</translation>
    </message>
    <message>
        <source>Highest p first</source>
        <translation>p le plus élevé d&apos;abord</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Par nom</translation>
    </message>
    <message>
        <source>EXHIBITS</source>
        <translation>PIÈCES</translation>
    </message>
</context>
<context>
    <name>ExhibitModel</name>
    <message>
        <source>New, not sorted yet</source>
        <translation>Nouvelle, pas encore triée</translation>
    </message>
</context>
<context>
    <name>Exhibits</name>
    <message>
        <source>waiting</source>
        <translation>en attente</translation>
    </message>
    <message>
        <source>being examined …</source>
        <translation>en cours d&apos;examen …</translation>
    </message>
    <message>
        <source>examined</source>
        <translation>examinée</translation>
    </message>
    <message>
        <source>not examined</source>
        <translation>non examinée</translation>
    </message>
    <message>
        <source>{size} MP</source>
        <translation>{size} Mpx</translation>
    </message>
    <message>
        <source>likely AI</source>
        <translation>probablement IA</translation>
    </message>
    <message>
        <source>inconclusive</source>
        <translation>non concluant</translation>
    </message>
    <message>
        <source>no sign found</source>
        <translation>aucun indice trouvé</translation>
    </message>
    <message>
        <source>edited in part</source>
        <translation>modifié en partie</translation>
    </message>
    <message>
        <source>Outside what error rates were measured on.</source>
        <translation>Hors du domaine où les taux d&apos;erreur ont été mesurés.</translation>
    </message>
    <message>
        <source>Its metadata name {generator}.</source>
        <translation>Ses métadonnées nomment {generator}.</translation>
    </message>
</context>
<context>
    <name>ExplanationPanel</name>
    <message>
        <source>Explanation</source>
        <translation>Explication</translation>
    </message>
    <message>
        <source>Explanation while it is written</source>
        <translation>Explication en cours d&apos;écriture</translation>
    </message>
    <message>
        <source>The model is writing …</source>
        <translation>Le modèle écrit …</translation>
    </message>
    <message>
        <source>Nothing to explain: the file was not examined.</source>
        <translation>Rien à expliquer&#xa0;: le fichier n&apos;a pas été examiné.</translation>
    </message>
    <message>
        <source>rendered from the findings</source>
        <translation>composée à partir des constats</translation>
    </message>
    <message>
        <source>The program worded the findings; no language model took part.</source>
        <translation>Le programme a mis les constats en mots&#x202f;; aucun modèle de langage n&apos;y a pris part.</translation>
    </message>
    <message>
        <source>generated by the model</source>
        <translation>générée par le modèle</translation>
    </message>
    <message>
        <source>A language model chose these sentences among those that the findings allow. They illustrate; they are not the ground of the verdict.</source>
        <translation>Un modèle de langage a choisi ces phrases parmi celles que permettent les constats. Elles illustrent&#x202f;; elles ne fondent pas la conclusion.</translation>
    </message>
    <message>
        <source>No explanation was written.</source>
        <translation>Aucune explication n&apos;a été écrite.</translation>
    </message>
    <message>
        <source>Every sentence passed the checks.</source>
        <translation>Chaque phrase a passé les contrôles.</translation>
    </message>
    <message>
        <source>Sentences left out by the checks: {dropped}.</source>
        <translation>Phrases écartées par les contrôles&#xa0;: {dropped}.</translation>
    </message>
    <message>
        <source>EXPLANATION</source>
        <translation>EXPLICATION</translation>
    </message>
    <message>
        <source>Sentences of the explanation</source>
        <translation>Phrases de l&apos;explication</translation>
    </message>
</context>
<context>
    <name>FailuresDialog</name>
    <message>
        <source>Files that were not examined</source>
        <translation>Fichiers non examinés</translation>
    </message>
    <message>
        <source>Files that were not examined, with the reason</source>
        <translation>Fichiers non examinés, avec la raison</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Why, and what to do</source>
        <translation>Pourquoi, et que faire</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Copier la liste</translation>
    </message>
    <message>
        <source>Copy the list of failures</source>
        <translation>Copier la liste des échecs</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>Tout réessayer</translation>
    </message>
    <message>
        <source>Try all files of the list again</source>
        <translation>Réessayer tous les fichiers de la liste</translation>
    </message>
    <message>
        <source>After you restored or mended them</source>
        <translation>Une fois restaurés ou réparés</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Close the list of failures</source>
        <translation>Fermer la liste des échecs</translation>
    </message>
</context>
<context>
    <name>Filing</name>
    <message>
        <source>Case (*.residua)</source>
        <translation>Affaire (*.residua)</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Importer un modèle</translation>
    </message>
    <message>
        <source>Archive (*.zip)</source>
        <translation>Archive (*.zip)</translation>
    </message>
    <message>
        <source>Export the models</source>
        <translation>Exporter les modèles</translation>
    </message>
    <message>
        <source>Open a case</source>
        <translation>Ouvrir une affaire</translation>
    </message>
    <message>
        <source>Save the case</source>
        <translation>Enregistrer l&apos;affaire</translation>
    </message>
    <message>
        <source>Import a case</source>
        <translation>Importer une affaire</translation>
    </message>
    <message>
        <source>Export (*.json)</source>
        <translation>Export (*.json)</translation>
    </message>
    <message>
        <source>Save the imported case</source>
        <translation>Enregistrer l&apos;affaire importée</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>Écrire le rapport</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Choose a key that signs</source>
        <translation>Choisir une clé de signature</translation>
    </message>
    <message>
        <source>Keys (*.p12 *.pfx *.pem *.key)</source>
        <translation>Clés (*.p12 *.pfx *.pem *.key)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>HTML (*.html)</source>
        <translation>HTML (*.html)</translation>
    </message>
    <message>
        <source>CASE/UCO (*.jsonld)</source>
        <translation>CASE/UCO (*.jsonld)</translation>
    </message>
    <message>
        <source>Export the case</source>
        <translation>Exporter l&apos;affaire</translation>
    </message>
    <message>
        <source>Write a time-stamp request</source>
        <translation>Écrire une demande d&apos;horodatage</translation>
    </message>
    <message>
        <source>Request (*.tsq)</source>
        <translation>Demande (*.tsq)</translation>
    </message>
    <message>
        <source>Attach a time stamp</source>
        <translation>Joindre un horodatage</translation>
    </message>
    <message>
        <source>Answer (*.tsr)</source>
        <translation>Réponse (*.tsr)</translation>
    </message>
    <message>
        <source>Check a report</source>
        <translation>Vérifier un rapport</translation>
    </message>
</context>
<context>
    <name>FindingsPanel</name>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Constat</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Signification</translation>
    </message>
    <message>
        <source>{count} in all</source>
        <translation>{count} en tout</translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation>{shown} sur {count}</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Montrer</translation>
    </message>
    <message>
        <source>Compute it and lay it over the picture</source>
        <translation>Calculer et superposer à l&apos;image</translation>
    </message>
    <message>
        <source>Findings by status</source>
        <translation>Constats par statut</translation>
    </message>
    <message>
        <source>Columns of the findings</source>
        <translation>Colonnes des constats</translation>
    </message>
    <message>
        <source>Show findings by status</source>
        <translation>Montrer les constats par statut</translation>
    </message>
    <message>
        <source>Every status</source>
        <translation>Tous les statuts</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Observé</translation>
    </message>
    <message>
        <source>Derived</source>
        <translation>Dérivé</translation>
    </message>
    <message>
        <source>Inferred</source>
        <translation>Inféré</translation>
    </message>
    <message>
        <source>Not available</source>
        <translation>Non disponible</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échecs</translation>
    </message>
    <message>
        <source>Filter findings by words</source>
        <translation>Filtrer les constats par mots</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>filtrer</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Effacer le filtre</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy the findings that are shown</source>
        <translation>Copier les constats affichés</translation>
    </message>
    <message>
        <source>Copy what is shown as a table (Ctrl+C)</source>
        <translation>Copier ce qui est affiché sous forme de tableau (Ctrl+C)</translation>
    </message>
    <message>
        <source>About this method</source>
        <translation>À propos de cette méthode</translation>
    </message>
    <message>
        <source>About the method of the chosen finding</source>
        <translation>À propos de la méthode du constat choisi</translation>
    </message>
    <message>
        <source>Principle, what to look for, what to ignore</source>
        <translation>Principe, ce qu&apos;il faut regarder, ce qui ne compte pas</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Main actions</source>
        <translation>Actions principales</translation>
    </message>
    <message>
        <source>No case open</source>
        <translation>Aucune affaire ouverte</translation>
    </message>
    <message>
        <source>Adding a picture makes a case</source>
        <translation>Ajouter une image crée une affaire</translation>
    </message>
    <message>
        <source>{name} (read only)</source>
        <translation>{name} (lecture seule)</translation>
    </message>
    <message>
        <source>Case: {name}</source>
        <translation>Affaire&#xa0;: {name}</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>How each method works</source>
        <translation>Fonctionnement de chaque méthode</translation>
    </message>
    <message>
        <source>Search in the pages</source>
        <translation>Chercher dans les pages</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Effacer la recherche</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Page</translation>
    </message>
    <message>
        <source>No page has these words.</source>
        <translation>Aucune page ne contient ces mots.</translation>
    </message>
</context>
<context>
    <name>Helping</name>
    <message>
        <source>Opening the help</source>
        <translation>Ouvrir l&apos;aide</translation>
    </message>
</context>
<context>
    <name>Lamp</name>
    <message>
        <source>ONLINE: {count}</source>
        <translation>EN LIGNE&#xa0;: {count}</translation>
    </message>
    <message>
        <source>Open connections of this program: {far}</source>
        <translation>Connexions ouvertes de ce programme&#xa0;: {far}</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>hors ligne</translation>
    </message>
    <message>
        <source>Pictures are examined on this machine alone. The program has no network connection; this is looked at every few seconds. Your files are only read.</source>
        <translation>Les images sont examinées sur cette seule machine. Le programme n&apos;a aucune connexion réseau&#x202f;; c&apos;est vérifié toutes les quelques secondes. Vos fichiers sont seulement lus.</translation>
    </message>
    <message>
        <source>Examined on {device}, {state}</source>
        <translation>Examiné sur {device}, {state}</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>cette machine</translation>
    </message>
</context>
<context>
    <name>LanguageMenu</name>
    <message>
        <source>Language of the system</source>
        <translation>Langue du système</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>The window speaks it from its next start on.</source>
        <translation>La fenêtre la parlera à son prochain démarrage.</translation>
    </message>
</context>
<context>
    <name>Layers</name>
    <message>
        <source>Exhibit {number}{name}</source>
        <translation>Pièce {number}{name}</translation>
    </message>
    <message>
        <source>Artifact heat map</source>
        <translation>Carte de chaleur des artefacts</translation>
    </message>
    <message>
        <source>{name} …</source>
        <translation>{name} …</translation>
    </message>
    <message>
        <source>Each place is taken away in turn and the verdict is asked again. It takes seconds.</source>
        <translation>Chaque endroit est retiré à son tour et la conclusion est redemandée. Cela prend quelques secondes.</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>cell {width} × {height} px</source>
        <translation>cellule {width} × {height} px</translation>
    </message>
    <message>
        <source>block {width} × {height} px</source>
        <translation>bloc {width} × {height} px</translation>
    </message>
    <message>
        <source>Heat map legend</source>
        <translation>Légende de la carte de chaleur</translation>
    </message>
    <message>
        <source>artifact evidence</source>
        <translation>indices d&apos;artefacts</translation>
    </message>
    <message>
        <source>{what} on a fixed scale from 0 to 1. Hatched places hold no evidence either way. {cell}</source>
        <translation>{what} sur une échelle fixe de 0 à 1. Les endroits hachurés n&apos;offrent d&apos;indice ni dans un sens ni dans l&apos;autre. {cell}</translation>
    </message>
    <message>
        <source>no evidence here</source>
        <translation>pas d&apos;indice ici</translation>
    </message>
    <message>
        <source>Change in log-odds when a block is taken away, from {low} to {high}. Red blocks push towards AI, blue ones towards real. Hatched places are not read by the verdict. {block}</source>
        <translation>Variation des log-cotes quand un bloc est retiré, de {low} à {high}. Les blocs rouges poussent vers l’IA, les bleus vers le réel. La conclusion ne lit pas les endroits hachurés. {block}</translation>
    </message>
    <message>
        <source>log-odds</source>
        <translation>log-cotes</translation>
    </message>
    <message>
        <source>towards real {end}</source>
        <translation>vers réel {end}</translation>
    </message>
    <message>
        <source>real {end}</source>
        <translation>réel {end}</translation>
    </message>
    <message>
        <source>{end} towards AI</source>
        <translation>{end} vers IA</translation>
    </message>
    <message>
        <source>{end} AI</source>
        <translation>{end} IA</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>non lu</translation>
    </message>
</context>
<context>
    <name>ListHeading</name>
    <message>
        <source>Columns of the list</source>
        <translation>Colonnes de la liste</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>Case made</source>
        <translation>Affaire créée</translation>
    </message>
    <message>
        <source>Case details changed</source>
        <translation>Données de l&apos;affaire modifiées</translation>
    </message>
    <message>
        <source>Case saved under another name</source>
        <translation>Affaire enregistrée sous un autre nom</translation>
    </message>
    <message>
        <source>Case exported</source>
        <translation>Affaire exportée</translation>
    </message>
    <message>
        <source>Exhibit taken in</source>
        <translation>Pièce versée à l&apos;affaire</translation>
    </message>
    <message>
        <source>Exhibits checked</source>
        <translation>Pièces contrôlées</translation>
    </message>
    <message>
        <source>Scan began</source>
        <translation>Analyse commencée</translation>
    </message>
    <message>
        <source>Scan ended</source>
        <translation>Analyse terminée</translation>
    </message>
    <message>
        <source>Scan stopped</source>
        <translation>Analyse arrêtée</translation>
    </message>
    <message>
        <source>Examined</source>
        <translation>Examiné</translation>
    </message>
    <message>
        <source>Examined again</source>
        <translation>Examiné de nouveau</translation>
    </message>
    <message>
        <source>Note written</source>
        <translation>Remarque écrite</translation>
    </message>
    <message>
        <source>Bookmark kept</source>
        <translation>Signet conservé</translation>
    </message>
    <message>
        <source>Drawing kept</source>
        <translation>Dessin conservé</translation>
    </message>
    <message>
        <source>Rated</source>
        <translation>Noté</translation>
    </message>
    <message>
        <source>Tagged</source>
        <translation>Mot-clé attribué</translation>
    </message>
    <message>
        <source>Generated sentence changed</source>
        <translation>Phrase générée modifiée</translation>
    </message>
    <message>
        <source>Note taken back</source>
        <translation>Remarque retirée</translation>
    </message>
    <message>
        <source>Bookmark taken back</source>
        <translation>Signet retiré</translation>
    </message>
    <message>
        <source>Drawing taken back</source>
        <translation>Dessin retiré</translation>
    </message>
    <message>
        <source>Rating taken back</source>
        <translation>Note retirée</translation>
    </message>
    <message>
        <source>Tag taken away</source>
        <translation>Mot-clé retiré</translation>
    </message>
    <message>
        <source>Change of a sentence taken back</source>
        <translation>Modification d&apos;une phrase retirée</translation>
    </message>
    <message>
        <source>Brought back again</source>
        <translation>Rétabli</translation>
    </message>
    <message>
        <source>Setting kept</source>
        <translation>Réglage conservé</translation>
    </message>
    <message>
        <source>Time stamp requested</source>
        <translation>Horodatage demandé</translation>
    </message>
    <message>
        <source>Time stamp attached</source>
        <translation>Horodatage joint</translation>
    </message>
    <message>
        <source>Report written</source>
        <translation>Rapport écrit</translation>
    </message>
    <message>
        <source>Camera&apos;s fingerprint made</source>
        <translation>Empreinte d&apos;appareil établie</translation>
    </message>
    <message>
        <source>Picture tested with a camera&apos;s fingerprint</source>
        <translation>Image comparée à une empreinte d&apos;appareil</translation>
    </message>
    <message>
        <source>Pictures compared with a camera&apos;s fingerprint</source>
        <translation>Images comparées à une empreinte d&apos;appareil</translation>
    </message>
    <message>
        <source>Camera removed</source>
        <translation>Appareil retiré</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>No.</source>
        <translation>N°</translation>
    </message>
    <message>
        <source>Time, UTC</source>
        <translation>Heure, UTC</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>Opérateur</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Empreinte</translation>
    </message>
</context>
<context>
    <name>Loupe</name>
    <message>
        <source>no evidence here</source>
        <translation>pas d&apos;indice ici</translation>
    </message>
    <message>
        <source>evidence {value}</source>
        <translation>indice {value}</translation>
    </message>
    <message>
        <source>not read by the verdict</source>
        <translation>non lu par la conclusion</translation>
    </message>
    <message>
        <source>log-odds {change}; p {without} without it</source>
        <translation>log-cotes {change}&#xa0;; p {without} sans lui</translation>
    </message>
</context>
<context>
    <name>MachinePanel</name>
    <message>
        <source>THIS MACHINE</source>
        <translation>CETTE MACHINE</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Système</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Processeur</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>Free disk</source>
        <translation>Disque libre</translation>
    </message>
    <message>
        <source>Graphics</source>
        <translation>Graphique</translation>
    </message>
    <message>
        <source>looking …</source>
        <translation>recherche …</translation>
    </message>
    <message>
        <source>Device that examines</source>
        <translation>Appareil qui examine</translation>
    </message>
    <message>
        <source>Choose for me</source>
        <translation>Choisir pour moi</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>Carte graphique (CUDA)</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Copier le diagnostic</translation>
    </message>
    <message>
        <source>Copy what a maintainer needs to know</source>
        <translation>Copier ce qu&apos;un développeur doit savoir</translation>
    </message>
    <message>
        <source>From a folder …</source>
        <translation>Depuis un dossier …</translation>
    </message>
    <message>
        <source>Import a model from a folder</source>
        <translation>Importer un modèle depuis un dossier</translation>
    </message>
    <message>
        <source>From an archive …</source>
        <translation>Depuis une archive …</translation>
    </message>
    <message>
        <source>Import a model from an archive</source>
        <translation>Importer un modèle depuis une archive</translation>
    </message>
    <message>
        <source>Into a folder …</source>
        <translation>Dans un dossier …</translation>
    </message>
    <message>
        <source>Export the models into a folder</source>
        <translation>Exporter les modèles dans un dossier</translation>
    </message>
    <message>
        <source>Into an archive …</source>
        <translation>Dans une archive …</translation>
    </message>
    <message>
        <source>Export the models into an archive</source>
        <translation>Exporter les modèles dans une archive</translation>
    </message>
    <message>
        <source>DEVICE</source>
        <translation>APPAREIL</translation>
    </message>
    <message>
        <source>IMPORT A MODEL</source>
        <translation>IMPORTER UN MODÈLE</translation>
    </message>
    <message>
        <source>A pack or its wheels, each file compared with its hash. Or a checkpoint: as it was published, or trained on Qwen2.5-VL, Qwen3-VL, InternVL3, SmolVLM2 or LLaVA-OneVision; its keys and shapes are checked. Nothing is downloaded.</source>
        <translation>Un paquet ou ses wheels, chaque fichier comparé à son empreinte. Ou un checkpoint&#xa0;: tel qu&apos;il fut publié, ou entraîné sur Qwen2.5-VL, Qwen3-VL, InternVL3, SmolVLM2 ou LLaVA-OneVision&#x202f;; ses clés et ses dimensions sont vérifiées. Rien n&apos;est téléchargé.</translation>
    </message>
    <message>
        <source>FOR A MACHINE WITHOUT A NETWORK</source>
        <translation>POUR UNE MACHINE SANS RÉSEAU</translation>
    </message>
    <message>
        <source>Writes every model with its hashes and licences, for example to a stick. An export that was interrupted goes on where it stopped.</source>
        <translation>Écrit chaque modèle avec ses empreintes et ses licences, par exemple sur une clé. Un export interrompu reprend là où il s’est arrêté.</translation>
    </message>
    <message>
        <source>FOR A BUG REPORT</source>
        <translation>POUR UN RAPPORT D&apos;ERREUR</translation>
    </message>
    <message>
        <source>{total}, {free} free</source>
        <translation>{total}, {free} libres</translation>
    </message>
    <message>
        <source>{name}, {count} cores</source>
        <translation>{name}, {count} cœurs</translation>
    </message>
    <message>
        <source>none in use</source>
        <translation>aucune utilisée</translation>
    </message>
    <message>
        <source>copied</source>
        <translation>copié</translation>
    </message>
    <message>
        <source>writing and checking …</source>
        <translation>écriture et vérification …</translation>
    </message>
</context>
<context>
    <name>Marks</name>
    <message>
        <source>Reading the marks</source>
        <translation>Lire les annotations</translation>
    </message>
    <message>
        <source>rating</source>
        <translation>note</translation>
    </message>
    <message>
        <source>tag</source>
        <translation>mot-clé</translation>
    </message>
    <message>
        <source>ratings</source>
        <translation>notes</translation>
    </message>
    <message>
        <source>tags</source>
        <translation>mots-clés</translation>
    </message>
    <message>
        <source>tag taken away</source>
        <translation>mot-clé retiré</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>dessin</translation>
    </message>
    <message>
        <source>changed drawing</source>
        <translation>dessin modifié</translation>
    </message>
    <message>
        <source>note</source>
        <translation>remarque</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>signet</translation>
    </message>
    <message>
        <source>Taking the mark back</source>
        <translation>Reprendre l&apos;annotation</translation>
    </message>
    <message>
        <source>Undoing</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Doing it again</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>Keeping the mark</source>
        <translation>Conserver l&apos;annotation</translation>
    </message>
    <message>
        <source>Keeping the marks</source>
        <translation>Conserver les annotations</translation>
    </message>
</context>
<context>
    <name>MarksOfExhibit</name>
    <message>
        <source>Undo: {what}</source>
        <translation>Annuler&#xa0;: {what}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo: {what}</source>
        <translation>Rétablir&#xa0;: {what}</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>taking back</source>
        <translation>reprise</translation>
    </message>
    <message>
        <source>whole picture</source>
        <translation>image entière</translation>
    </message>
    <message>
        <source>view at {percent} %</source>
        <translation>vue à {percent} %</translation>
    </message>
    <message>
        <source>Note on exhibit {number}</source>
        <translation>Remarque sur la pièce {number}</translation>
    </message>
    <message>
        <source>Note on the verdict of exhibit {number}</source>
        <translation>Remarque sur la conclusion de la pièce {number}</translation>
    </message>
</context>
<context>
    <name>MarksPanel</name>
    <message>
        <source>Marks of the examiner</source>
        <translation>Annotations de l&apos;expert</translation>
    </message>
    <message>
        <source>Columns of the marks</source>
        <translation>Colonnes des annotations</translation>
    </message>
    <message>
        <source>Nothing is marked. Draw with Shift+B, Shift+A or Shift+T, keep a view with Ctrl+D, write about the verdict with V.</source>
        <translation>Rien n&apos;est annoté. Dessinez avec Maj+B, Maj+A ou Maj+T, gardez une vue avec Ctrl+D, écrivez sur la conclusion avec V.</translation>
    </message>
    <message>
        <source>Note on the verdict …</source>
        <translation>Remarque sur la conclusion …</translation>
    </message>
    <message>
        <source>Write a note on the verdict</source>
        <translation>Écrire une remarque sur la conclusion</translation>
    </message>
    <message>
        <source>Write a note on the verdict (V)</source>
        <translation>Écrire une remarque sur la conclusion (V)</translation>
    </message>
    <message>
        <source>Edit …</source>
        <translation>Modifier …</translation>
    </message>
    <message>
        <source>Word the chosen mark anew</source>
        <translation>Reformuler l&apos;annotation choisie</translation>
    </message>
    <message>
        <source>Word it anew; what was said before is kept (Enter)</source>
        <translation>Reformuler&#x202f;; ce qui était dit avant est conservé (Entrée)</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Take the chosen mark back</source>
        <translation>Reprendre l&apos;annotation choisie</translation>
    </message>
    <message>
        <source>It stays in the log and can be undone (Delete)</source>
        <translation>Elle reste dans le journal et peut être rétablie (Suppr)</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>N°</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <source>Said of it</source>
        <translation>Ce qui en est dit</translation>
    </message>
    <message>
        <source>box</source>
        <translation>cadre</translation>
    </message>
    <message>
        <source>arrow</source>
        <translation>flèche</translation>
    </message>
    <message>
        <source>text</source>
        <translation>texte</translation>
    </message>
    <message>
        <source>whole picture</source>
        <translation>image entière</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>signet</translation>
    </message>
    <message>
        <source>verdict</source>
        <translation>conclusion</translation>
    </message>
    <message>
        <source>exhibit</source>
        <translation>pièce</translation>
    </message>
    <message>
        <source>note</source>
        <translation>remarque</translation>
    </message>
    <message>
        <source>{author}, {time}</source>
        <translation>{author}, {time}</translation>
    </message>
</context>
<context>
    <name>MessageDialog</name>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>Details for the maintainers</source>
        <translation>Détails pour les développeurs</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Copier les détails</translation>
    </message>
    <message>
        <source>Copy the details of this error</source>
        <translation>Copier les détails de cette erreur</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Fermer ce message</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>{doing} did not work</source>
        <translation>{doing}&#xa0;: échec</translation>
    </message>
    <message>
        <source>What this result cannot say:</source>
        <translation>Ce que ce résultat ne peut pas dire&#xa0;:</translation>
    </message>
    <message>
        <source>How to read this verdict</source>
        <translation>Comment lire cette conclusion</translation>
    </message>
    <message>
        <source>Residua {version}</source>
        <translation>Residua {version}</translation>
    </message>
    <message>
        <source>Says whether a photograph is real, and why, on this machine alone. Licensed under Apache 2.0.</source>
        <translation>Dit si une photographie est réelle, et pourquoi, sur cette seule machine. Sous licence Apache 2.0.</translation>
    </message>
    <message>
        <source>Residua made a mistake</source>
        <translation>Residua a commis une erreur</translation>
    </message>
    <message>
        <source>This is a fault of the program, not of your picture. Results that were written are kept. Copy the details and send them to the maintainers.</source>
        <translation>C&apos;est une faute du programme, pas de votre image. Les résultats écrits sont conservés. Copiez les détails et envoyez-les aux développeurs.</translation>
    </message>
</context>
<context>
    <name>ModeBar</name>
    <message>
        <source>Show the layer</source>
        <translation>Montrer le calque</translation>
    </message>
    <message>
        <source>Show or hide the layer (H)</source>
        <translation>Montrer ou masquer le calque (H)</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Calque</translation>
    </message>
    <message>
        <source>What is compared with the picture ([ and ])</source>
        <translation>Ce qui est comparé à l&apos;image ([ et ])</translation>
    </message>
    <message>
        <source>Opacity of the layer, percent</source>
        <translation>Opacité du calque, pour cent</translation>
    </message>
    <message>
        <source>Opacity of the layer</source>
        <translation>Opacité du calque</translation>
    </message>
    <message>
        <source>Enhancement of the difference</source>
        <translation>Renforcement de la différence</translation>
    </message>
    <message>
        <source>How much the difference is enhanced</source>
        <translation>De combien la différence est renforcée</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Superposer</translation>
    </message>
    <message>
        <source>Lay it over (O)</source>
        <translation>Superposer (O)</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Côte à côte</translation>
    </message>
    <message>
        <source>Side by side (S)</source>
        <translation>Côte à côte (S)</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>Volet</translation>
    </message>
    <message>
        <source>Swipe with a line (W)</source>
        <translation>Volet avec une ligne (W)</translation>
    </message>
    <message>
        <source>Blink</source>
        <translation>Alternance</translation>
    </message>
    <message>
        <source>Blink between both (B)</source>
        <translation>Alterner entre les deux (B)</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Différence</translation>
    </message>
    <message>
        <source>Difference, for layers that are pictures (D)</source>
        <translation>Différence, pour les calques qui sont des images (D)</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>Check every byte</source>
        <translation>Contrôler chaque octet</translation>
    </message>
    <message>
        <source>Check every byte of the model {name}</source>
        <translation>Contrôler chaque octet du modèle {name}</translation>
    </message>
    <message>
        <source>Use for scans</source>
        <translation>Utiliser pour les analyses</translation>
    </message>
    <message>
        <source>Use the model {name} for scans</source>
        <translation>Utiliser le modèle {name} pour les analyses</translation>
    </message>
    <message>
        <source>Ready. Sizes agree; the bytes are checked whenever it is loaded.</source>
        <translation>Prêt. Les tailles concordent&#x202f;; les octets sont contrôlés à chaque chargement.</translation>
    </message>
    <message>
        <source>Reading every byte …</source>
        <translation>Lecture de chaque octet …</translation>
    </message>
    <message>
        <source>Sound: {count} files have the hashes of the manifest.</source>
        <translation>Intègre&#xa0;: {count} fichiers ont les empreintes du manifeste.</translation>
    </message>
    <message>
        <source>this machine has enough</source>
        <translation>cette machine en a assez</translation>
    </message>
    <message>
        <source>TOO LITTLE HERE</source>
        <translation>TROP PEU ICI</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>Validated for</source>
        <translation>Validé pour</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>short side from {value} px</source>
        <translation>petit côté à partir de {value} px</translation>
    </message>
    <message>
        <source>up to {value} megapixels</source>
        <translation>jusqu&apos;à {value} mégapixels</translation>
    </message>
    <message>
        <source>JPEG quality from {value}</source>
        <translation>qualité JPEG à partir de {value}</translation>
    </message>
    <message>
        <source>calibrated on {real} real and {ai} generated pictures</source>
        <translation>étalonné sur {real} images réelles et {ai} images générées</translation>
    </message>
    <message>
        <source>nothing: no error rates were measured for it here</source>
        <translation>rien&#xa0;: aucun taux d&apos;erreur n&apos;a été mesuré ici</translation>
    </message>
</context>
<context>
    <name>ModelsPlace</name>
    <message>
        <source>Models</source>
        <translation>Modèles</translation>
    </message>
    <message>
        <source>Asking the machine</source>
        <translation>Interroger la machine</translation>
    </message>
    <message>
        <source>Importing the model</source>
        <translation>Importer le modèle</translation>
    </message>
    <message>
        <source>The models are exported</source>
        <translation>Les modèles sont exportés</translation>
    </message>
    <message>
        <source>{names}: with the hash of every file and the licences, in {place}. On the other machine, import that folder or archive on this page.</source>
        <translation>{names} : avec l’empreinte de chaque fichier et les licences, dans {place}. Sur l’autre machine, importez ce dossier ou cette archive sur cette page.</translation>
    </message>
    <message>
        <source>Exporting the models</source>
        <translation>Export des modèles</translation>
    </message>
    <message>
        <source>Listing the models</source>
        <translation>Lister les modèles</translation>
    </message>
    <message>
        <source>The model is imported</source>
        <translation>Le modèle est importé</translation>
    </message>
    <message>
        <source>{name} is installed, and every file has its hash.</source>
        <translation>{name} est installé, et chaque fichier a son empreinte.</translation>
    </message>
    <message>
        <source>MODELS</source>
        <translation>MODÈLES</translation>
    </message>
    <message>
        <source>looking …</source>
        <translation>recherche …</translation>
    </message>
    <message>
        <source>No model is installed, so nothing can be examined yet. Import one at the right, or run “residua models assemble mini” once on a machine with a network.</source>
        <translation>Aucun modèle n&apos;est installé, rien ne peut donc être examiné. Importez-en un à droite, ou exécutez une fois «&#xa0;residua models assemble mini&#xa0;» sur une machine connectée.</translation>
    </message>
    <message>
        <source>Checking the model</source>
        <translation>Contrôler le modèle</translation>
    </message>
    <message>
        <source>Describing the program</source>
        <translation>Décrire le programme</translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>Text of the note</source>
        <translation>Texte de la remarque</translation>
    </message>
    <message>
        <source>Kept in the case with your name and the time, and printed.</source>
        <translation>Conservé dans l&apos;affaire avec votre nom et l&apos;heure, et imprimé.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conserver</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>Conserver la remarque</translation>
    </message>
    <message>
        <source>Keep the note (Ctrl+Enter)</source>
        <translation>Conserver la remarque (Ctrl+Entrée)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Do not keep the note</source>
        <translation>Ne pas conserver la remarque</translation>
    </message>
</context>
<context>
    <name>OutcomeDialog</name>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Copy these results</source>
        <translation>Copier ces résultats</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Close these results</source>
        <translation>Fermer ces résultats</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Pages of the report</source>
        <translation>Pages du rapport</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>Phrase secrète</translation>
    </message>
    <message>
        <source>Passphrase of the key</source>
        <translation>Phrase secrète de la clé</translation>
    </message>
    <message>
        <source>Use key</source>
        <translation>Utiliser la clé</translation>
    </message>
    <message>
        <source>Use the key with this passphrase</source>
        <translation>Utiliser la clé avec cette phrase secrète</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Do not use the key</source>
        <translation>Ne pas utiliser la clé</translation>
    </message>
    <message>
        <source>Passphrase of {name}</source>
        <translation>Phrase secrète de {name}</translation>
    </message>
    <message>
        <source>That is not the passphrase of {name}</source>
        <translation>Ce n&apos;est pas la phrase secrète de {name}</translation>
    </message>
    <message>
        <source>It is used once and kept nowhere.</source>
        <translation>Elle sert une fois et n&apos;est conservée nulle part.</translation>
    </message>
</context>
<context>
    <name>Pickers</name>
    <message>
        <source>Add pictures</source>
        <translation>Ajouter des images</translation>
    </message>
    <message>
        <source>Add a folder of pictures</source>
        <translation>Ajouter un dossier d&apos;images</translation>
    </message>
    <message>
        <source>Import a model pack</source>
        <translation>Importer un paquet de modèle</translation>
    </message>
</context>
<context>
    <name>PicturePane</name>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Opening …</source>
        <translation>Ouverture …</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Ajuster</translation>
    </message>
    <message>
        <source>Fit the picture into the view</source>
        <translation>Ajuster l&apos;image à la vue</translation>
    </message>
    <message>
        <source>Show the whole picture (F)</source>
        <translation>Montrer l&apos;image entière (F)</translation>
    </message>
    <message>
        <source>1:1</source>
        <translation>1:1</translation>
    </message>
    <message>
        <source>Show the picture in its true size</source>
        <translation>Montrer l&apos;image à sa taille réelle</translation>
    </message>
    <message>
        <source>One picture pixel a screen pixel (T)</source>
        <translation>Un pixel d&apos;image par pixel d&apos;écran (T)</translation>
    </message>
    <message>
        <source>x {x}  y {y}</source>
        <translation>x {x}  y {y}</translation>
    </message>
</context>
<context>
    <name>ProbabilityScale</name>
    <message>
        <source>Probability scale</source>
        <translation>Échelle de probabilité</translation>
    </message>
</context>
<context>
    <name>QueueWatch</name>
    <message>
        <source>{count} examined in {time}</source>
        <translation>{count} examinées en {time}</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} échecs</translation>
    </message>
    <message>
        <source>In the case now: {ai} likely AI, {open} inconclusive, {real} without a sign.</source>
        <translation>Dans l&apos;affaire à présent&#xa0;: {ai} probablement IA, {open} non concluantes, {real} sans indice.</translation>
    </message>
    <message>
        <source>The scan has ended</source>
        <translation>L&apos;analyse est terminée</translation>
    </message>
</context>
<context>
    <name>ReadOutChart</name>
    <message>
        <source>Read-outs</source>
        <translation>Mesures du modèle</translation>
    </message>
    <message>
        <source>Log-odds of “AI-generated”. Both: the whole model. Semantic: what is seen in the picture, without the artifact path. Artifact: traces of generation alone.</source>
        <translation>Log-cotes de «&#xa0;générée par IA&#xa0;». Les deux&#xa0;: le modèle entier. Sémantique&#xa0;: ce qui se voit dans l&apos;image, sans la voie des artefacts. Artefact&#xa0;: les seules traces de génération.</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Les deux</translation>
    </message>
    <message>
        <source>Semantic</source>
        <translation>Sémantique</translation>
    </message>
    <message>
        <source>Artifact</source>
        <translation>Artefact</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>non exécuté</translation>
    </message>
    <message>
        <source>← away</source>
        <translation>← contre</translation>
    </message>
    <message>
        <source>towards AI →</source>
        <translation>pour l&apos;IA →</translation>
    </message>
</context>
<context>
    <name>Rechecks</name>
    <message>
        <source>Examinations that were run again</source>
        <translation>Examens recalculés</translation>
    </message>
    <message>
        <source>Examination</source>
        <translation>Examen</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Then</source>
        <translation>Alors</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>Apart</source>
        <translation>Écart</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>Permis</translation>
    </message>
    <message>
        <source>not as then: {change}</source>
        <translation>pas comme alors&#xa0;: {change}</translation>
    </message>
    <message>
        <source>not repeated</source>
        <translation>non répété</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>concorde</translation>
    </message>
    <message>
        <source>DIFFERS</source>
        <translation>DIFFÈRE</translation>
    </message>
    <message>
        <source>within</source>
        <translation>dans la tolérance</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>égal</translation>
    </message>
</context>
<context>
    <name>ReportChoice</name>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>Report on all exhibits</source>
        <translation>Rapport sur toutes les pièces</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucune</translation>
    </message>
    <message>
        <source>Choose no exhibit</source>
        <translation>Ne choisir aucune pièce</translation>
    </message>
    <message>
        <source>Exhibits that go into the report</source>
        <translation>Pièces qui entrent dans le rapport</translation>
    </message>
    <message>
        <source>Table of custody</source>
        <translation>Tableau de traçabilité</translation>
    </message>
    <message>
        <source>Notes of the examiner</source>
        <translation>Remarques de l&apos;expert</translation>
    </message>
    <message>
        <source>Decision table</source>
        <translation>Table de décision</translation>
    </message>
    <message>
        <source>Entries of the custody log</source>
        <translation>Entrées du journal de traçabilité</translation>
    </message>
    <message>
        <source>In the report: {part}</source>
        <translation>Dans le rapport&#xa0;: {part}</translation>
    </message>
    <message>
        <source>Choose a key …</source>
        <translation>Choisir une clé …</translation>
    </message>
    <message>
        <source>Choose a key that signs the report</source>
        <translation>Choisir une clé qui signe le rapport</translation>
    </message>
    <message>
        <source>Do not sign</source>
        <translation>Ne pas signer</translation>
    </message>
    <message>
        <source>Forget the key and do not sign</source>
        <translation>Oublier la clé et ne pas signer</translation>
    </message>
    <message>
        <source>Write report …</source>
        <translation>Écrire le rapport …</translation>
    </message>
    <message>
        <source>Write the report as PDF</source>
        <translation>Écrire le rapport en PDF</translation>
    </message>
    <message>
        <source>Not signed. Choose a PKCS#12 or PEM key to sign.</source>
        <translation>Non signé. Choisissez une clé PKCS#12 ou PEM pour signer.</translation>
    </message>
    <message>
        <source>Signed by {subject}
Issued by {issuer}
Valid {valid}</source>
        <translation>Signé par {subject}
Émis par {issuer}
Valide {valid}</translation>
    </message>
    <message>
        <source>EXHIBITS</source>
        <translation>PIÈCES</translation>
    </message>
    <message>
        <source>PARTS</source>
        <translation>PARTIES</translation>
    </message>
    <message>
        <source>Question, exhibits, methods, results, failures, limitations, conclusion, how to repeat it, the log&apos;s head and the declaration are always in: without them nobody can judge the result. The cover names what is left out.</source>
        <translation>Question, pièces, méthodes, résultats, échecs, limites, conclusion, comment répéter l&apos;examen, tête du journal et déclaration y sont toujours&#xa0;: sans eux, personne ne peut juger du résultat. La couverture nomme ce qui est omis.</translation>
    </message>
    <message>
        <source>SIGNATURE</source>
        <translation>SIGNATURE</translation>
    </message>
</context>
<context>
    <name>ReportPlace</name>
    <message>
        <source>Chapter of the report</source>
        <translation>Chapitre du rapport</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Ajuster</translation>
    </message>
    <message>
        <source>Make pages as wide as the view</source>
        <translation>Pages aussi larges que la vue</translation>
    </message>
    <message>
        <source>Smaller pages</source>
        <translation>Pages plus petites</translation>
    </message>
    <message>
        <source>Larger pages</source>
        <translation>Pages plus grandes</translation>
    </message>
    <message>
        <source>Show the pages</source>
        <translation>Montrer les pages</translation>
    </message>
    <message>
        <source>Lay the report out and show its pages</source>
        <translation>Mettre le rapport en page et montrer ses pages</translation>
    </message>
    <message>
        <source>Check a report …</source>
        <translation>Vérifier un rapport …</translation>
    </message>
    <message>
        <source>Check a report, offline</source>
        <translation>Vérifier un rapport, hors ligne</translation>
    </message>
    <message>
        <source>With the files …</source>
        <translation>Avec les fichiers …</translation>
    </message>
    <message>
        <source>Check a report together with the exhibits&apos; files</source>
        <translation>Vérifier un rapport avec les fichiers des pièces</translation>
    </message>
    <message>
        <source>CHECK A REPORT</source>
        <translation>VÉRIFIER UN RAPPORT</translation>
    </message>
    <message>
        <source>Signature, every word and picture of the pages, the custody log and the hashes, without a network. A report is checked as soon as it is written.</source>
        <translation>Signature, chaque mot et image des pages, le journal de traçabilité et les empreintes, sans réseau. Un rapport est vérifié dès qu&apos;il est écrit.</translation>
    </message>
    <message>
        <source>Choose at least one exhibit on the left.</source>
        <translation>Choisissez au moins une pièce à gauche.</translation>
    </message>
    <message>
        <source>{count} exhibits take a while to lay out.</source>
        <translation>La mise en page de {count} pièces prend un moment.</translation>
    </message>
    <message>
        <source>Laying the pages out …</source>
        <translation>Mise en page …</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>Arrêté. Rien n&apos;a été écrit.</translation>
    </message>
    <message>
        <source>page {number} of {pages}</source>
        <translation>page {number} sur {pages}</translation>
    </message>
    <message>
        <source>{failed} FAILED</source>
        <translation>{failed} EN ÉCHEC</translation>
    </message>
    <message>
        <source>{passed} hold</source>
        <translation>{passed} réussis</translation>
    </message>
</context>
<context>
    <name>Reporting</name>
    <message>
        <source>Reading the key</source>
        <translation>Lire la clé</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>Écrire le rapport</translation>
    </message>
    <message>
        <source>Checking the report</source>
        <translation>Vérifier le rapport</translation>
    </message>
    <message>
        <source>Laying the report out</source>
        <translation>Mettre le rapport en page</translation>
    </message>
    <message>
        <source>Showing the page</source>
        <translation>Montrer la page</translation>
    </message>
</context>
<context>
    <name>Resting</name>
    <message>
        <source>What the verdict rests on</source>
        <translation>Sur quoi repose la conclusion</translation>
    </message>
</context>
<context>
    <name>RestsStrip</name>
    <message>
        <source>What the map shows and what not</source>
        <translation>Ce que la carte montre et ce qu’elle ne montre pas</translation>
    </message>
    <message>
        <source>How far the verdict has been asked</source>
        <translation>Avancement des questions à la conclusion</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Stop asking what the verdict rests on</source>
        <translation>Ne plus demander sur quoi repose la conclusion</translation>
    </message>
    <message>
        <source>About this map</source>
        <translation>À propos de cette carte</translation>
    </message>
    <message>
        <source>About the map of what the verdict rests on</source>
        <translation>À propos de la carte de ce sur quoi repose la conclusion</translation>
    </message>
    <message>
        <source>Waiting for the model …</source>
        <translation>En attente du modèle …</translation>
    </message>
    <message>
        <source>Asking the verdict without each place: {done} of {total} …</source>
        <translation>La conclusion sans chaque endroit&#xa0;: {done} sur {total} …</translation>
    </message>
    <message>
        <source>Getting picture and model ready …</source>
        <translation>Préparation de l’image et du modèle …</translation>
    </message>
    <message>
        <source>How far the log-odds of AI fall when a block is painted in the mean colour and the verdict is asked again. It shows what the verdict reacts to, not what was generated or edited; values do not add up, and blurred blocks would give another map. Not kept in the case.</source>
        <translation>De combien les log-cotes d’IA baissent quand un bloc est peint de la couleur moyenne et que la conclusion est redemandée. Montre à quoi elle réagit, non ce qui a été généré ou retouché&#xa0;; les valeurs ne s’additionnent pas, des blocs flous donneraient une autre carte. Non conservé dans l’affaire.</translation>
    </message>
    <message>
        <source>Asked now, p is {now}; in the examination it was {then}, by another model or machine: the map explains the p of now.</source>
        <translation>Demandé maintenant, p vaut {now}&#xa0;; lors de l’examen il valait {then}, avec un autre modèle ou une autre machine&#xa0;: la carte explique le p actuel.</translation>
    </message>
</context>
<context>
    <name>Ruler</name>
    <message>
        <source>{length} px  ·  {angle}°  ·  dx {dx}  dy {dy}</source>
        <translation>{length} px  ·  {angle}°  ·  dx {dx}  dy {dy}</translation>
    </message>
</context>
<context>
    <name>Sayings</name>
    <message>
        <source>Likely AI-generated</source>
        <translation>Probablement généré par IA</translation>
    </message>
    <message>
        <source>No sign of AI generation found</source>
        <translation>Aucun signe de génération par IA</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Non concluant</translation>
    </message>
    <message>
        <source>Not examined</source>
        <translation>Non examiné</translation>
    </message>
    <message>
        <source>The probability reaches the upper threshold of {high}.</source>
        <translation>La probabilité atteint le seuil supérieur de {high}.</translation>
    </message>
    <message>
        <source>The probability ({p}) reaches the upper threshold of {high}.</source>
        <translation>La probabilité ({p}) atteint le seuil supérieur de {high}.</translation>
    </message>
    <message>
        <source>The probability ({p}) stays at or below the lower threshold of {low}.</source>
        <translation>La probabilité ({p}) reste au seuil inférieur de {low} ou au-dessous.</translation>
    </message>
    <message>
        <source>The probability stays at or below the lower threshold of {low}.</source>
        <translation>La probabilité reste au seuil inférieur de {low} ou au-dessous.</translation>
    </message>
    <message>
        <source>The probability lies between the thresholds {low} and {high}, where errors of both kinds are frequent.</source>
        <translation>La probabilité se situe entre les seuils {low} et {high}, où les erreurs des deux sortes sont fréquentes.</translation>
    </message>
    <message>
        <source>The probability ({p}) lies between the thresholds {low} and {high}, where errors of both kinds are frequent.</source>
        <translation>La probabilité ({p}) se situe entre les seuils {low} et {high}, où les erreurs des deux sortes sont fréquentes.</translation>
    </message>
    <message>
        <source>The calibration set leaves it between {low} and {high}.</source>
        <translation>D&apos;après les images d&apos;étalonnage, elle se situe entre {low} et {high}.</translation>
    </message>
    <message>
        <source>The calibration set leaves it above {low}.</source>
        <translation>D&apos;après les images d&apos;étalonnage, elle est supérieure à {low}.</translation>
    </message>
    <message>
        <source>The calibration set leaves it below {high}.</source>
        <translation>D&apos;après les images d&apos;étalonnage, elle est inférieure à {high}.</translation>
    </message>
    <message>
        <source>Outside the range in which error rates were measured: its short side of {side} px is below {least} px.</source>
        <translation>Hors du domaine où les taux d&apos;erreur furent mesurés&#xa0;: le petit côté de {side} px est inférieur à {least} px.</translation>
    </message>
    <message>
        <source>Outside the range in which error rates were measured: its {size} MP are above {most} MP.</source>
        <translation>Hors du domaine où les taux d&apos;erreur furent mesurés&#xa0;: ses {size} MP dépassent {most} MP.</translation>
    </message>
    <message>
        <source>Outside the range in which error rates were measured: its JPEG quality of about {quality} is below {least}.</source>
        <translation>Hors du domaine où les taux d&apos;erreur furent mesurés&#xa0;: sa qualité JPEG d&apos;environ {quality} est inférieure à {least}.</translation>
    </message>
    <message>
        <source>between {low} and {high}</source>
        <translation>entre {low} et {high}</translation>
    </message>
    <message>
        <source>Inside the range of sizes and compressions where error rates were measured.</source>
        <translation>Dans le domaine de tailles et de compressions où les taux d&apos;erreur furent mesurés.</translation>
    </message>
    <message>
        <source>OUTSIDE the range of sizes and compressions where error rates were measured: the probability may be wrong by more than is stated.</source>
        <translation>HORS du domaine de tailles et de compressions où les taux d&apos;erreur furent mesurés&#xa0;: la probabilité peut s&apos;écarter plus qu&apos;il n&apos;est indiqué.</translation>
    </message>
    <message>
        <source>Not measured: the picture lies outside the measured range.</source>
        <translation>Non mesuré&#xa0;: l&apos;image est hors du domaine mesuré.</translation>
    </message>
    <message>
        <source>Not measured for triage, in which the language model takes no part.</source>
        <translation>Non mesuré pour le tri, auquel le modèle de langage ne prend pas part.</translation>
    </message>
    <message>
        <source>Not measured: no error rates ship with these weights.</source>
        <translation>Non mesuré&#xa0;: aucun taux d&apos;erreur n&apos;accompagne ces poids.</translation>
    </message>
    <message>
        <source>Not measured in a condition like that of this picture.</source>
        <translation>Non mesuré dans un état comme celui de cette image.</translation>
    </message>
    <message>
        <source>Observed</source>
        <translation>Observé</translation>
    </message>
    <message>
        <source>the bytes of the file say so</source>
        <translation>les octets du fichier le disent</translation>
    </message>
    <message>
        <source>Derived</source>
        <translation>Dérivé</translation>
    </message>
    <message>
        <source>computed from the pixels or bytes, repeatable</source>
        <translation>calculé à partir des pixels ou des octets, répétable</translation>
    </message>
    <message>
        <source>Inferred</source>
        <translation>Inféré</translation>
    </message>
    <message>
        <source>a model&apos;s opinion</source>
        <translation>l&apos;avis d&apos;un modèle</translation>
    </message>
    <message>
        <source>Not available</source>
        <translation>Non disponible</translation>
    </message>
    <message>
        <source>could not be examined, with the reason</source>
        <translation>n&apos;a pu être examiné, avec la raison</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échoué</translation>
    </message>
    <message>
        <source>the analyser stopped with an error</source>
        <translation>la méthode s&apos;est arrêtée sur une erreur</translation>
    </message>
    <message>
        <source>STATEMENT</source>
        <translation>ÉNONCÉ</translation>
    </message>
    <message>
        <source>CONFLICT</source>
        <translation>CONTRADICTION</translation>
    </message>
    <message>
        <source>Content Credentials do not fit this file</source>
        <translation>Les Content Credentials ne correspondent pas à ce fichier</translation>
    </message>
    <message>
        <source>The file contradicts itself about its origin</source>
        <translation>Le fichier se contredit sur son origine</translation>
    </message>
    <message>
        <source>Signed as AI-generated, and the pixels agree</source>
        <translation>Signé comme généré par IA, et les pixels concordent</translation>
    </message>
    <message>
        <source>Signed as AI-generated, but the pixels show no sign</source>
        <translation>Signé comme généré par IA, mais les pixels n&apos;en montrent aucun signe</translation>
    </message>
    <message>
        <source>Signed as AI-generated; the pixels leave it open</source>
        <translation>Signé comme généré par IA&#x202f;; les pixels laissent la question ouverte</translation>
    </message>
    <message>
        <source>Signed as edited with a generative model, and a part differs from the rest</source>
        <translation>Signé comme retouché avec un modèle génératif, et une partie diffère du reste</translation>
    </message>
    <message>
        <source>Signed as edited with a generative model, and the pixels agree</source>
        <translation>Signé comme retouché avec un modèle génératif, et les pixels concordent</translation>
    </message>
    <message>
        <source>Signed as edited with a generative model</source>
        <translation>Signé comme retouché avec un modèle génératif</translation>
    </message>
    <message>
        <source>Signed as captured by a camera; no sign of AI generation</source>
        <translation>Signé comme pris par un appareil&#x202f;; aucun signe de génération par IA</translation>
    </message>
    <message>
        <source>Signed as captured by a camera, but a part differs from the rest</source>
        <translation>Signé comme pris par un appareil, mais une partie diffère du reste</translation>
    </message>
    <message>
        <source>Signed as captured by a camera, but the pixels speak for AI</source>
        <translation>Signé comme pris par un appareil, mais les pixels parlent pour l&apos;IA</translation>
    </message>
    <message>
        <source>Signed as captured by a camera; the pixels leave it open</source>
        <translation>Signé comme pris par un appareil&#x202f;; les pixels laissent la question ouverte</translation>
    </message>
    <message>
        <source>A generator&apos;s watermark, and the pixels agree</source>
        <translation>Le filigrane d&apos;un générateur, et les pixels concordent</translation>
    </message>
    <message>
        <source>A generator&apos;s watermark, but the pixels show no other sign</source>
        <translation>Le filigrane d&apos;un générateur, mais les pixels ne montrent aucun autre signe</translation>
    </message>
    <message>
        <source>A generator&apos;s watermark; the pixels leave it open</source>
        <translation>Le filigrane d&apos;un générateur&#x202f;; les pixels laissent la question ouverte</translation>
    </message>
    <message>
        <source>Marked as AI-generated, and the pixels agree</source>
        <translation>Marqué comme généré par IA, et les pixels concordent</translation>
    </message>
    <message>
        <source>Marked as AI-generated, but the pixels show no sign</source>
        <translation>Marqué comme généré par IA, mais les pixels n&apos;en montrent aucun signe</translation>
    </message>
    <message>
        <source>Marked as AI-generated; the pixels leave it open</source>
        <translation>Marqué comme généré par IA&#x202f;; les pixels laissent la question ouverte</translation>
    </message>
    <message>
        <source>Marked as edited with a generative model, and a part differs from the rest</source>
        <translation>Marqué comme retouché avec un modèle génératif, et une partie diffère du reste</translation>
    </message>
    <message>
        <source>Marked as edited with a generative model</source>
        <translation>Marqué comme retouché avec un modèle génératif</translation>
    </message>
    <message>
        <source>No sign of AI generation; credentials of an unverified signer say: captured</source>
        <translation>Aucun signe de génération par IA&#x202f;; les Credentials d&apos;un signataire non vérifié disent&#xa0;: pris par un appareil</translation>
    </message>
    <message>
        <source>A part differs from the rest; credentials of an unverified signer say: captured</source>
        <translation>Une partie diffère du reste&#x202f;; les Credentials d&apos;un signataire non vérifié disent&#xa0;: pris par un appareil</translation>
    </message>
    <message>
        <source>The pixels speak for AI; credentials of an unverified signer say: captured</source>
        <translation>Les pixels parlent pour l&apos;IA&#x202f;; les Credentials d&apos;un signataire non vérifié disent&#xa0;: pris par un appareil</translation>
    </message>
    <message>
        <source>Undecided; credentials of an unverified signer say: captured</source>
        <translation>Indécis&#x202f;; les Credentials d&apos;un signataire non vérifié disent&#xa0;: pris par un appareil</translation>
    </message>
    <message>
        <source>Locally edited: a part differs from the rest; the metadata name a camera</source>
        <translation>Modifié en partie&#xa0;: une partie diffère du reste&#x202f;; les métadonnées nomment un appareil</translation>
    </message>
    <message>
        <source>The pixels speak for AI, the metadata name a camera</source>
        <translation>Les pixels parlent pour l&apos;IA, les métadonnées nomment un appareil</translation>
    </message>
    <message>
        <source>No sign of AI generation; the metadata name a camera</source>
        <translation>Aucun signe de génération par IA&#x202f;; les métadonnées nomment un appareil</translation>
    </message>
    <message>
        <source>Undecided; the metadata name a camera</source>
        <translation>Indécis&#x202f;; les métadonnées nomment un appareil</translation>
    </message>
    <message>
        <source>Outside the measured range; the metadata name a camera</source>
        <translation>Hors du domaine mesuré&#x202f;; les métadonnées nomment un appareil</translation>
    </message>
    <message>
        <source>The metadata name a camera but do not go together</source>
        <translation>Les métadonnées nomment un appareil mais ne s&apos;accordent pas</translation>
    </message>
    <message>
        <source>Locally edited: a part differs from the rest</source>
        <translation>Modifié en partie&#xa0;: une partie diffère du reste</translation>
    </message>
    <message>
        <source>The pixels speak for AI, and a part differs from the rest</source>
        <translation>Les pixels parlent pour l&apos;IA, et une partie diffère du reste</translation>
    </message>
    <message>
        <source>The pixels speak for AI; the file itself says nothing</source>
        <translation>Les pixels parlent pour l&apos;IA&#x202f;; le fichier lui-même ne dit rien</translation>
    </message>
    <message>
        <source>No sign of AI generation; the file itself says nothing</source>
        <translation>Aucun signe de génération par IA&#x202f;; le fichier lui-même ne dit rien</translation>
    </message>
    <message>
        <source>Undecided: neither pixels nor file settle it</source>
        <translation>Indécis&#xa0;: ni les pixels ni le fichier ne tranchent</translation>
    </message>
    <message>
        <source>Outside the measured range: no conclusion</source>
        <translation>Hors du domaine mesuré&#xa0;: pas de conclusion</translation>
    </message>
    <message>
        <source>Parts of the file do not go together</source>
        <translation>Des parties du fichier ne s&apos;accordent pas</translation>
    </message>
    <message>
        <source>The file was changed after it was signed, or the credentials were taken from another file. What they claim cannot be relied on. The verdict rests on the pixels alone. Ask for the file as it was signed.</source>
        <translation>Le fichier fut modifié après sa signature, ou les Credentials viennent d&apos;un autre fichier. On ne peut se fier à ce qu&apos;ils affirment. La conclusion repose sur les seuls pixels. Demandez le fichier tel qu&apos;il fut signé.</translation>
    </message>
    <message>
        <source>Some of its facts say that a generative model was used, others that a camera took it. A photograph that was edited with a model carries both; otherwise one of them was copied. The cited findings name them.</source>
        <translation>Certains faits disent qu&apos;un modèle génératif fut employé, d&apos;autres qu&apos;un appareil prit l&apos;image. Une photographie retouchée avec un modèle porte les deux&#x202f;; sinon, l&apos;un d&apos;eux fut copié. Les constats cités les nomment.</translation>
    </message>
    <message>
        <source>The part that is outlined lacks the earlier compression that the rest carries: it was put in, generated or painted over after the picture had been saved. What was done, and whether a generator did it, the trace does not say. Compare with an earlier copy.</source>
        <translation>À la partie entourée manque la compression antérieure que porte le reste&#xa0;: elle fut insérée, générée ou repeinte après l&apos;enregistrement de l&apos;image. Ce qui fut fait, et si un générateur l&apos;a fait, la trace ne le dit pas. Comparez à une copie antérieure.</translation>
    </message>
    <message>
        <source>The model finds the picture likely AI-generated, and the part that is outlined lacks the earlier compression that the rest carries. Either a generated picture was edited afterwards, or a photograph was, with a generated part. Compare with an earlier copy.</source>
        <translation>Le modèle juge l&apos;image probablement générée par IA, et à la partie entourée manque la compression antérieure que porte le reste. Soit une image générée fut retouchée ensuite, soit une photographie le fut, avec une partie générée. Comparez à une copie antérieure.</translation>
    </message>
    <message>
        <source>The model finds the picture likely AI-generated. No fact of the file speaks for or against it, which is usual for pictures from websites and messengers. Look for the earliest copy of the picture.</source>
        <translation>Le modèle juge l&apos;image probablement générée par IA. Aucun fait du fichier ne parle pour ou contre, ce qui est habituel pour des images de sites et de messageries. Cherchez la plus ancienne copie de l&apos;image.</translation>
    </message>
    <message>
        <source>Neither the pixels nor the file show a sign of generation. That is not proof of a photograph: generators that the model does not know, and pictures compressed again, can pass. Look for the earliest copy of the picture.</source>
        <translation>Ni les pixels ni le fichier ne montrent de signe de génération. Ce n&apos;est pas la preuve d&apos;une photographie&#xa0;: des générateurs que le modèle ne connaît pas et des images recompressées peuvent passer. Cherchez la plus ancienne copie de l&apos;image.</translation>
    </message>
    <message>
        <source>The model reached no conclusion and no fact of the file speaks of its origin. Other evidence has to decide: look for the earliest copy, for the author, and for other pictures of the scene.</source>
        <translation>Le modèle n&apos;est parvenu à aucune conclusion et aucun fait du fichier ne parle de son origine. D&apos;autres éléments doivent trancher&#xa0;: cherchez la plus ancienne copie, l&apos;auteur et d&apos;autres images de la scène.</translation>
    </message>
    <message>
        <source>Size or compression lie where the model&apos;s error rates were not measured, and no fact of the file speaks of its origin. A larger or less compressed copy may be judged.</source>
        <translation>La taille ou la compression se situent là où les taux d&apos;erreur du modèle n&apos;ont pas été mesurés, et aucun fait du fichier ne parle de son origine. Une copie plus grande ou moins compressée pourrait être jugée.</translation>
    </message>
    <message>
        <source>Dates, sizes or thumbnail of the file contradict each other: a program saved or edited it and left parts as they were. That is common and no sign of AI by itself; the cited findings say what differs.</source>
        <translation>Les dates, les tailles ou la vignette du fichier se contredisent&#xa0;: un programme l&apos;a enregistré ou retouché et a laissé des parties telles quelles. C&apos;est courant et n&apos;est pas en soi un signe d&apos;IA&#x202f;; les constats cités disent ce qui diffère.</translation>
    </message>
</context>
<context>
    <name>SentenceRow</name>
    <message>
        <source>Sentence {number}: {text}</source>
        <translation>Phrase {number}&#xa0;: {text}</translation>
    </message>
    <message>
        <source>Rests on {tags}</source>
        <translation>Repose sur {tags}</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Opening the case</source>
        <translation>Ouvrir l&apos;affaire</translation>
    </message>
    <message>
        <source>Importing the case</source>
        <translation>Importer l&apos;affaire</translation>
    </message>
    <message>
        <source>Saving the case</source>
        <translation>Enregistrer l&apos;affaire</translation>
    </message>
    <message>
        <source>Opening the pictures</source>
        <translation>Ouvrir les images</translation>
    </message>
    <message>
        <source>Checking the exhibits</source>
        <translation>Contrôler les pièces</translation>
    </message>
    <message>
        <source>No pictures found</source>
        <translation>Aucune image trouvée</translation>
    </message>
    <message>
        <source>{ignored} files were looked at and none is a picture. JPEG, PNG, WebP, TIFF, HEIC, AVIF and other image files can be examined.</source>
        <translation>{ignored} fichiers ont été regardés, aucun n&apos;est une image. JPEG, PNG, WebP, TIFF, HEIC, AVIF et d&apos;autres fichiers d&apos;image peuvent être examinés.</translation>
    </message>
    <message>
        <source>Untitled case</source>
        <translation>Affaire sans titre</translation>
    </message>
    <message>
        <source>Making a case</source>
        <translation>Créer une affaire</translation>
    </message>
    <message>
        <source>Taking the pictures in</source>
        <translation>Prendre les images</translation>
    </message>
    <message>
        <source>Reading the case</source>
        <translation>Lire l&apos;affaire</translation>
    </message>
    <message>
        <source>Nothing can be added: {reason}.</source>
        <translation>Rien ne peut être ajouté&#xa0;: {reason}.</translation>
    </message>
    <message>
        <source>This case can only be read</source>
        <translation>Cette affaire ne peut qu&apos;être lue</translation>
    </message>
    <message>
        <source>Examining the pictures</source>
        <translation>Examiner les images</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>Space, middle button</source>
        <translation>Espace, bouton du milieu</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Déplacer l&apos;image</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Molette</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>Zoomer au pointeur</translation>
    </message>
    <message>
        <source>Shift+Arrows</source>
        <translation>Maj+Flèches</translation>
    </message>
    <message>
        <source>Move the line of Swipe</source>
        <translation>Déplacer la ligne du volet</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Close the sheet of keys</source>
        <translation>Fermer la feuille des touches</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Note</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>{name}, view</source>
        <translation>{name}, vue</translation>
    </message>
    <message>
        <source>Artifact heat map</source>
        <translation>Carte de chaleur des artefacts</translation>
    </message>
</context>
<context>
    <name>Stars</name>
    <message>
        <source>Rating</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>How much this exhibit matters (keys 0 to 5)</source>
        <translation>Importance de cette pièce (touches 0 à 5)</translation>
    </message>
    <message>
        <source>{stars} of {most}</source>
        <translation>{stars} sur {most}</translation>
    </message>
</context>
<context>
    <name>Switch</name>
    <message>
        <source>Places</source>
        <translation>Lieux</translation>
    </message>
</context>
<context>
    <name>TagDialog</name>
    <message>
        <source>Tag</source>
        <translation>Mot-clé</translation>
    </message>
    <message>
        <source>Tag for 1 exhibit</source>
        <translation>Mot-clé pour 1 pièce</translation>
    </message>
    <message>
        <source>Tag for {count} exhibits</source>
        <translation>Mot-clé pour {count} pièces</translation>
    </message>
</context>
<context>
    <name>TagRow</name>
    <message>
        <source>Add a tag</source>
        <translation>Ajouter un mot-clé</translation>
    </message>
    <message>
        <source>add a tag</source>
        <translation>ajouter un mot-clé</translation>
    </message>
    <message>
        <source>Add a tag (Ctrl+T)</source>
        <translation>Ajouter un mot-clé (Ctrl+T)</translation>
    </message>
    <message>
        <source>Tag {tag}, press to take it away</source>
        <translation>Mot-clé {tag}, appuyer pour le retirer</translation>
    </message>
    <message>
        <source>{tag}: press to take the tag away</source>
        <translation>{tag}&#xa0;: appuyer pour retirer le mot-clé</translation>
    </message>
    <message>
        <source>{count} more tags</source>
        <translation>{count} mots-clés de plus</translation>
    </message>
    <message>
        <source>More tags</source>
        <translation>Plus de mots-clés</translation>
    </message>
    <message>
        <source>Take away {tag}</source>
        <translation>Retirer {tag}</translation>
    </message>
</context>
<context>
    <name>ToolStrip</name>
    <message>
        <source>Move</source>
        <translation>Déplacer</translation>
    </message>
    <message>
        <source>Move and choose (Esc)</source>
        <translation>Déplacer et choisir (Échap)</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Règle</translation>
    </message>
    <message>
        <source>Measure in original pixels (R)</source>
        <translation>Mesurer en pixels d&apos;origine (R)</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Loupe</translation>
    </message>
    <message>
        <source>Magnifier (M)</source>
        <translation>Loupe (M)</translation>
    </message>
    <message>
        <source>Cell grid</source>
        <translation>Grille des cellules</translation>
    </message>
    <message>
        <source>Cells of the heat map (G)</source>
        <translation>Cellules de la carte de chaleur (G)</translation>
    </message>
    <message>
        <source>Draw a box</source>
        <translation>Tracer un cadre</translation>
    </message>
    <message>
        <source>Draw a box (Shift+B)</source>
        <translation>Tracer un cadre (Maj+B)</translation>
    </message>
    <message>
        <source>Draw an arrow</source>
        <translation>Tracer une flèche</translation>
    </message>
    <message>
        <source>Draw an arrow (Shift+A)</source>
        <translation>Tracer une flèche (Maj+A)</translation>
    </message>
    <message>
        <source>Write on the picture</source>
        <translation>Écrire sur l&apos;image</translation>
    </message>
    <message>
        <source>Write (Shift+T)</source>
        <translation>Écrire (Maj+T)</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Tour</source>
        <translation>Visite</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} sur {total}</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>Terminer la visite</translation>
    </message>
    <message>
        <source>Back to the part before</source>
        <translation>Revenir à la partie précédente</translation>
    </message>
    <message>
        <source>On to the next part</source>
        <translation>Passer à la partie suivante</translation>
    </message>
</context>
<context>
    <name>Touring</name>
    <message>
        <source>Your exhibits</source>
        <translation>Vos pièces</translation>
    </message>
    <message>
        <source>Every picture is an exhibit of a case, saved from the first one on. The shape and the word tell its band; the number is the probability of AI.</source>
        <translation>Chaque image est une pièce d&apos;une affaire, enregistrée dès la première. La forme et le mot disent sa conclusion&#x202f;; le nombre est la probabilité d&apos;IA.</translation>
    </message>
    <message>
        <source>The picture and its map</source>
        <translation>L&apos;image et sa carte</translation>
    </message>
    <message>
        <source>The heat map shows what sets each place apart from the rest of its picture, on a fixed scale. Hatched places hold no evidence. Change how both are laid together below the picture.</source>
        <translation>La carte de chaleur montre, sur une échelle fixe, ce qui distingue chaque endroit du reste de son image. Les endroits hachurés n&apos;offrent aucun indice. Sous l&apos;image, choisissez comment les deux sont réunies.</translation>
    </message>
    <message>
        <source>The verdict</source>
        <translation>La conclusion</translation>
    </message>
    <message>
        <source>A band, a probability with its interval, and how often such a verdict is wrong. Inconclusive is a result too. Read “How to read this” before you rely on it.</source>
        <translation>Une conclusion, une probabilité avec son intervalle, et la fréquence d&apos;erreur. «&#xa0;Non concluant&#xa0;» est aussi un résultat. Lisez «&#xa0;Comment lire ceci&#xa0;» avant de vous y fier.</translation>
    </message>
    <message>
        <source>Words and places</source>
        <translation>Les mots et les lieux</translation>
    </message>
    <message>
        <source>Point at a sentence and its place lights up. Each sentence names the findings it rests on; what did not pass the checks was left out.</source>
        <translation>Pointez une phrase et son lieu s&apos;éclaire. Chaque phrase nomme les constats sur lesquels elle repose&#x202f;; ce qui n&apos;a pas passé les contrôles est écarté.</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Constats</translation>
    </message>
    <message>
        <source>What the bytes say, what was computed, what a model thinks: kept apart. “About this method” explains each of them, and where it fails.</source>
        <translation>Ce que disent les octets, ce qui est calculé, ce que pense un modèle&#xa0;: bien séparés. «&#xa0;À propos de cette méthode&#xa0;» explique chacun, et où il échoue.</translation>
    </message>
    <message>
        <source>From the case to the report</source>
        <translation>De l&apos;affaire au rapport</translation>
    </message>
    <message>
        <source>Case keeps custody and notes, Triage sorts many pictures, Report shows the pages before they are written and checks them afterwards.</source>
        <translation>«&#xa0;Affaire&#xa0;» garde la traçabilité et les remarques, «&#xa0;Tri&#xa0;» range beaucoup d&apos;images, «&#xa0;Rapport&#xa0;» montre les pages avant de les écrire et les vérifie ensuite.</translation>
    </message>
</context>
<context>
    <name>TriageActions</name>
    <message>
        <source>Examine</source>
        <translation>Examiner</translation>
    </message>
    <message>
        <source>Compare two</source>
        <translation>Comparer deux</translation>
    </message>
    <message>
        <source>Scan these</source>
        <translation>Analyser celles-ci</translation>
    </message>
    <message>
        <source>Tag …</source>
        <translation>Mot-clé …</translation>
    </message>
    <message>
        <source>Make a camera&apos;s fingerprint …</source>
        <translation>Établir l&apos;empreinte d&apos;un appareil …</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Tout montrer</translation>
    </message>
    <message>
        <source>Sort anew</source>
        <translation>Trier de nouveau</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Chercher</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Grille</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Larger cards</source>
        <translation>Cartes plus grandes</translation>
    </message>
    <message>
        <source>Smaller cards</source>
        <translation>Cartes plus petites</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>Tout choisir</translation>
    </message>
    <message>
        <source>Chosen exhibits</source>
        <translation>Pièces choisies</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Noter</translation>
    </message>
    <message>
        <source>Compare with a camera</source>
        <translation>Comparer à un appareil</translation>
    </message>
</context>
<context>
    <name>TriageBar</name>
    <message>
        <source>Name, folder, tag, #number …</source>
        <translation>Nom, dossier, mot-clé, #numéro …</translation>
    </message>
    <message>
        <source>Search exhibits</source>
        <translation>Chercher des pièces</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Effacer la recherche</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Tout montrer</translation>
    </message>
    <message>
        <source>Take all filters away</source>
        <translation>Retirer tous les filtres</translation>
    </message>
    <message>
        <source>Any camera</source>
        <translation>Tout appareil</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
    <message>
        <source>Likely AI</source>
        <translation>Probablement IA</translation>
    </message>
    <message>
        <source>Inconclusive</source>
        <translation>Non concluant</translation>
    </message>
    <message>
        <source>No sign found</source>
        <translation>Aucun indice trouvé</translation>
    </message>
    <message>
        <source>Edited in part</source>
        <translation>Modifié en partie</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échecs</translation>
    </message>
    <message>
        <source>Still to examine</source>
        <translation>À examiner</translation>
    </message>
    <message>
        <source>Order of the exhibits</source>
        <translation>Ordre des pièces</translation>
    </message>
    <message>
        <source>As added</source>
        <translation>Ordre d&apos;ajout</translation>
    </message>
    <message>
        <source>Highest p first</source>
        <translation>p le plus élevé d&apos;abord</translation>
    </message>
    <message>
        <source>Lowest p first</source>
        <translation>p le plus bas d&apos;abord</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Par nom</translation>
    </message>
    <message>
        <source>Best rated first</source>
        <translation>Les mieux notées d&apos;abord</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>Les plus grandes d&apos;abord</translation>
    </message>
    <message>
        <source>What stands together</source>
        <translation>Ce qui est regroupé</translation>
    </message>
    <message>
        <source>Not grouped</source>
        <translation>Sans groupes</translation>
    </message>
    <message>
        <source>Grouped by verdict</source>
        <translation>Groupées par conclusion</translation>
    </message>
    <message>
        <source>Grouped by near-duplicate</source>
        <translation>Groupées par quasi-doublons</translation>
    </message>
    <message>
        <source>Grouped by named generator</source>
        <translation>Groupées par générateur nommé</translation>
    </message>
    <message>
        <source>Grouped by folder</source>
        <translation>Groupées par dossier</translation>
    </message>
    <message>
        <source>Whether exhibits lie where error rates were measured</source>
        <translation>Si les pièces sont là où les taux d&apos;erreur ont été mesurés</translation>
    </message>
    <message>
        <source>In and out of range</source>
        <translation>Dans et hors du domaine</translation>
    </message>
    <message>
        <source>In the measured range</source>
        <translation>Dans le domaine mesuré</translation>
    </message>
    <message>
        <source>Outside the range</source>
        <translation>Hors du domaine</translation>
    </message>
    <message>
        <source>Any rating</source>
        <translation>Toute note</translation>
    </message>
    <message>
        <source>1 star or more</source>
        <translation>1 étoile ou plus</translation>
    </message>
    <message>
        <source>{count} stars or more</source>
        <translation>{count} étoiles ou plus</translation>
    </message>
    <message>
        <source>Least rating</source>
        <translation>Note minimale</translation>
    </message>
    <message>
        <source>5 stars</source>
        <translation>5 étoiles</translation>
    </message>
    <message>
        <source>Folder the exhibits come from</source>
        <translation>Dossier d&apos;où viennent les pièces</translation>
    </message>
    <message>
        <source>Camera whose pattern was found</source>
        <translation>Appareil dont le motif fut trouvé</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Grille</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Size of the cards</source>
        <translation>Taille des cartes</translation>
    </message>
    <message>
        <source>Size of the cards (Ctrl and + or −)</source>
        <translation>Taille des cartes (Ctrl et + ou −)</translation>
    </message>
    <message>
        <source>Grid or list</source>
        <translation>Grille ou liste</translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>Tous les dossiers</translation>
    </message>
</context>
<context>
    <name>TriagePlace</name>
    <message>
        <source>Comparing the pictures</source>
        <translation>Comparer les images</translation>
    </message>
    <message>
        <source>No exhibit fits these filters</source>
        <translation>Aucune pièce ne correspond à ces filtres</translation>
    </message>
    <message>
        <source>Choose another verdict, a lower rating or fewer words, or show everything.</source>
        <translation>Choisissez une autre conclusion, une note plus basse ou moins de mots, ou montrez tout.</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>Tout montrer</translation>
    </message>
    <message>
        <source>Take all filters away and show everything</source>
        <translation>Retirer tous les filtres et tout montrer</translation>
    </message>
</context>
<context>
    <name>VerdictPanel</name>
    <message>
        <source>Verdict</source>
        <translation>Conclusion</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Probabilité</translation>
    </message>
    <message>
        <source>Interval of the probability</source>
        <translation>Intervalle de la probabilité</translation>
    </message>
    <message>
        <source>How to read this</source>
        <translation>Comment lire ceci</translation>
    </message>
    <message>
        <source>How to read this verdict</source>
        <translation>Comment lire cette conclusion</translation>
    </message>
    <message>
        <source>What the terms mean, and what they do not (F1)</source>
        <translation>Ce que les termes veulent dire, et ne veulent pas dire (F1)</translation>
    </message>
    <message>
        <source>Statement or conflict</source>
        <translation>Énoncé ou contradiction</translation>
    </message>
    <message>
        <source>What the file and the verdict say together</source>
        <translation>Ce que le fichier et la conclusion disent ensemble</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message>
        <source>Likelihood ratio</source>
        <translation>Rapport de vraisemblance</translation>
    </message>
    <message>
        <source>Propositions</source>
        <translation>Propositions</translation>
    </message>
    <message>
        <source>Error rates</source>
        <translation>Taux d&apos;erreur</translation>
    </message>
    <message>
        <source>Where the error rates were measured</source>
        <translation>Où les taux d&apos;erreur ont été mesurés</translation>
    </message>
    <message>
        <source>State of the picture</source>
        <translation>État de l&apos;image</translation>
    </message>
    <message>
        <source>Examined by</source>
        <translation>Examiné par</translation>
    </message>
    <message>
        <source>Being examined …</source>
        <translation>En cours d&apos;examen …</translation>
    </message>
    <message>
        <source>The verdict comes with the heat map, the explanation while it is written.</source>
        <translation>La conclusion vient avec la carte de chaleur, l&apos;explication pendant qu&apos;elle s&apos;écrit.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Pictures before it: {count}.</source>
        <translation>Images avant elle&#xa0;: {count}.</translation>
    </message>
    <message>
        <source>Not examined yet.</source>
        <translation>Pas encore examinée.</translation>
    </message>
    <message>
        <source>Opening the result …</source>
        <translation>Ouverture du résultat …</translation>
    </message>
    <message>
        <source>Model {name} {hash}, {device}, {seconds} s</source>
        <translation>Modèle {name} {hash}, {device}, {seconds} s</translation>
    </message>
    <message>
        <source>Likelihood ratio {ratio}. </source>
        <translation>Rapport de vraisemblance {ratio}. </translation>
    </message>
    <message>
        <source>H1: made by a generator. H2: recorded by a camera.</source>
        <translation>H1&#xa0;: faite par un générateur. H2&#xa0;: prise par un appareil photo.</translation>
    </message>
    <message>
        <source>VERDICT</source>
        <translation>CONCLUSION</translation>
    </message>
    <message>
        <source>Why this verdict</source>
        <translation>Pourquoi cette conclusion</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Residua</source>
        <translation>Residua</translation>
    </message>
    <message>
        <source>{name} – Residua</source>
        <translation>{name} – Residua</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Partout</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Tri</translation>
    </message>
    <message>
        <source>Examine</source>
        <translation>Examiner</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>Choose an exhibit on the left.</source>
        <translation>Choisissez une pièce à gauche.</translation>
    </message>
    <message>
        <source>come with the verdict</source>
        <translation>viennent avec la conclusion</translation>
    </message>
    <message>
        <source>The model looks at the picture …</source>
        <translation>Le modèle regarde l&apos;image …</translation>
    </message>
    <message>
        <source>log-odds, for comparison: p does not rest on them</source>
        <translation>log-cotes, pour comparaison&#xa0;: p ne repose pas sur elles</translation>
    </message>
    <message>
        <source>Findings, marks and curve</source>
        <translation>Constats, annotations et courbe</translation>
    </message>
    <message>
        <source>What is shown below the picture</source>
        <translation>Ce qui est montré sous l&apos;image</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Constats</translation>
    </message>
    <message>
        <source>Marks</source>
        <translation>Annotations</translation>
    </message>
    <message>
        <source>Curve</source>
        <translation>Courbe</translation>
    </message>
    <message>
        <source>READ-OUTS</source>
        <translation>MESURES DU MODÈLE</translation>
    </message>
    <message>
        <source>log-odds of “AI-generated”</source>
        <translation>log-cotes de «&#xa0;générée par IA&#xa0;»</translation>
    </message>
</context>
<context>
    <name>source</name>
    <message>
        <source>No rating</source>
        <translation>Sans note</translation>
    </message>
    <message>
        <source>1 star</source>
        <translation>1 étoile</translation>
    </message>
    <message>
        <source>{count} stars</source>
        <translation>{count} étoiles</translation>
    </message>
</context>
</TS>
