Option Explicit

' Les boutons du classeur maitre.
'
' Un clic enregistre le classeur, lance le programme cpomdocs installe sur ce poste, attend sa reponse et
' l'affiche. Rien d'autre : aucun telechargement, aucune ecriture hors du classeur et d'un fichier de reponse
' provisoire, aucun autre programme. L'interpreteur et les phrases sont dans la feuille cachee " Poste ".
'
' Ce module ne contient que de l'ASCII : il se lit de la meme facon sous Windows, macOS et LibreOffice.

Private Const FEUILLE_POSTE As String = "Poste"
Private Const LIGNES_POSTE As Long = 40
Private Const SECONDES_DEPART As Long = 60
Private Const SECONDES_SILENCE As Long = 180

Private enCours As Boolean
Private ton As Long

Public Sub CpomdocsGenerer()
    Demander "generer"
End Sub

Public Sub CpomdocsControler()
    Demander "controler"
End Sub

Public Sub CpomdocsOuvrir()
    Demander "ouvrir"
End Sub

Public Sub CpomdocsPreparer()
    Demander "preparer"
End Sub

Public Sub CpomdocsPdf()
    Demander "pdf"
End Sub

Public Sub CpomdocsRepartir()
    Demander "repartir"
End Sub

Public Sub CpomdocsSelection()
    Demander "selection"
End Sub

Public Sub CpomdocsGarder()
    Demander "garder"
End Sub

Public Sub CpomdocsRemplacer()
    Demander "remplacer"
End Sub

Private Sub Demander(ByVal geste As String)
    Dim message As String
    If enCours Then Exit Sub
    enCours = True
    ton = vbExclamation
    On Error GoTo Imprevu
    Application.Cursor = 2
    message = Converser(geste)
Finir:
    On Error Resume Next
    Application.Cursor = -4143
    Application.StatusBar = False
    Application.ScreenUpdating = True
    enCours = False
    If message <> "" Then MsgBox message, ton, "cpomdocs"
    Exit Sub
Imprevu:
    message = Err.Description
    message = Phrase("imprevu") & vbLf & message
    Resume Finir
End Sub

Private Function Converser(ByVal geste As String) As String
    Dim jeton As String, reponse As String, suite As String
    If ThisWorkbook.Path = "" Then
        Converser = Phrase("jamais_enregistre")
        Exit Function
    End If
    jeton = NouveauJeton()
    If geste <> "ouvrir" Then
        If LectureSeule() Then
            Converser = Phrase("lecture_seule")
            Exit Function
        End If
        Application.StatusBar = Phrase("enregistrement")
        If Not Enregistrer(jeton) Then
            Converser = Phrase("enregistrement_refuse")
            Exit Function
        End If
    End If
    If Not EstMac() And Interpreteur() = "" Then
        Converser = Phrase("introuvable")
        Exit Function
    End If
    Application.StatusBar = Phrase("depart")
    reponse = Lancer(geste, jeton)
    If reponse = "" Then
        Converser = Phrase("lancement_refuse")
        Exit Function
    End If
    suite = Attendre(reponse)
    If suite = "" Then
        Converser = Phrase("muet")
        Exit Function
    End If
    Converser = Appliquer(suite)
End Function

' Enregistre le classeur. Sur OneDrive, le jeton y est d'abord note : cpomdocs attend de le lire dans la copie
' locale, pour ne jamais travailler sur une version anterieure.
Private Function Enregistrer(ByVal jeton As String) As Boolean
    On Error GoTo Refus
    If InStr(ThisWorkbook.Path, "://") > 0 Then Noter "jeton", jeton
    ThisWorkbook.Save
    Enregistrer = True
Refus:
End Function

Private Function LectureSeule() As Boolean
    On Error Resume Next
    LectureSeule = ThisWorkbook.ReadOnly
End Function

' Lance cpomdocs sans l'attendre ; rend le nom du fichier de reponse, vide s'il n'a pas pu etre lance.
Private Function Lancer(ByVal geste As String, ByVal jeton As String) As String
    Dim commande As String, reponse As String
    On Error GoTo Refus
    If EstMac() Then
        Lancer = AppelMac("lancer", geste & vbLf & CheminDuClasseur() & vbLf & jeton)
        Exit Function
    End If
    reponse = RepertoireProvisoire() & "cpomdocs-" & jeton & ".txt"
    commande = LigneDeCommande(Interpreteur(), geste, CheminDuClasseur(), jeton, reponse)
    If EstWindows() Then
        CreateObject("WScript.Shell").Run commande, 0, False
    Else
        Shell commande, 0
    End If
    Lancer = reponse
Refus:
End Function

Private Function LigneDeCommande(ByVal python As String, ByVal geste As String, ByVal classeur As String, _
        ByVal jeton As String, ByVal reponse As String) As String
    LigneDeCommande = Cite(python) & " -P -m cpomdocs bouton " & geste & " " & Cite(classeur) & _
        " --jeton " & jeton & " --reponse " & Cite(reponse)
End Function

' Attend la reponse en montrant l'avancement ; rend son texte, vide si cpomdocs ne donne plus signe de vie.
Private Function Attendre(ByVal reponse As String) As String
    Dim fin As String, avancement As String, dernier As String, silence As Long, limite As Long
    limite = SECONDES_DEPART
    Do While silence < limite
        Application.Wait Now + TimeSerial(0, 0, 1)
        DoEvents
        silence = silence + 1
        fin = Lire(reponse & ".fin")
        If fin <> "" Then Exit Do
        avancement = Lire(reponse)
        If avancement <> dernier Then
            dernier = avancement
            silence = 0
            limite = SECONDES_SILENCE
            Annoncer Premiere(avancement)
        End If
    Loop
    Effacer reponse
    Effacer reponse & ".fin"
    Attendre = fin
End Function

Private Sub Annoncer(ByVal avancement As String)
    On Error Resume Next
    If avancement <> "" Then Application.StatusBar = Decoder(avancement)
End Sub

' Applique la reponse : pose les cellules demandees, rend le message a montrer.
Private Function Appliquer(ByVal suite As String) As String
    Dim lignes() As String, rang As Long, poses As Long, refus As Long
    lignes = Split(suite, vbLf)
    Application.ScreenUpdating = False
    For rang = LBound(lignes) To UBound(lignes)
        If Left(lignes(rang), 6) = "poser=" Then
            poses = poses + 1
            If Not Poser(Split(Mid(lignes(rang), 7), "|")) Then refus = refus + 1
        ElseIf Left(lignes(rang), 8) = "etendre=" Then
            Etendre Split(Mid(lignes(rang), 9), "|")
        ElseIf Left(lignes(rang), 8) = "message=" Then
            Appliquer = Decoder(Mid(lignes(rang), 9))
        ElseIf lignes(rang) = "ton=bien" Then
            ton = vbInformation
        ElseIf lignes(rang) = "ton=echec" Then
            ton = vbCritical
        End If
    Next rang
    If refus > 0 Then
        ton = vbExclamation
        Appliquer = Appliquer & vbLf & Phrase("pose_refusee")
    End If
    If poses > 0 Then ThisWorkbook.Save
End Function

' Une cellule : feuille, ligne, colonne, genre, valeur ; rend faux si elle refuse. Un texte reste un texte, meme
' s'il commence par le signe egal.
Private Function Poser(ByVal champs As Variant) As Boolean
    Dim cellule As Object
    On Error GoTo Refus
    Set cellule = ThisWorkbook.Worksheets(Decoder(champs(0))).Cells(CLng(champs(1)), CLng(champs(2)))
    If champs(3) = "nombre" Then
        cellule.Value = Val(champs(4))
    Else
        If cellule.NumberFormat <> "@" Then cellule.NumberFormat = "@"
        cellule.Value = Decoder(champs(4))
    End If
    Poser = True
Refus:
End Function

' Agrandit un tableau Excel jusqu'a une ligne : feuille, nom, derniere ligne. LibreOffice n'en a pas.
Private Sub Etendre(ByVal champs As Variant)
    Dim tableau As Object, manque As Long
    On Error Resume Next
    Set tableau = ThisWorkbook.Worksheets(Decoder(champs(0))).ListObjects(champs(1))
    manque = CLng(champs(2)) - (tableau.Range.Row + tableau.Range.Rows.Count - 1)
    If manque > 0 Then tableau.Resize tableau.Range.Resize(tableau.Range.Rows.Count + manque)
End Sub

' Le premier interpreteur connu de ce classeur qui existe sur ce poste.
Private Function Interpreteur() As String
    Dim ligne As Long, chemin As String
    For ligne = 1 To LIGNES_POSTE
        If Poste(ligne, 1) = "interpreteur" Then
            chemin = Poste(ligne, 2)
            If Existe(chemin) Then
                Interpreteur = chemin
                Exit Function
            End If
        End If
    Next ligne
End Function

Private Function Phrase(ByVal cle As String) As String
    Dim ligne As Long
    Phrase = "cpomdocs : " & cle
    On Error GoTo Absente
    For ligne = 1 To LIGNES_POSTE
        If Poste(ligne, 1) = cle Then Phrase = Poste(ligne, 2)
    Next ligne
Absente:
End Function

Private Sub Noter(ByVal cle As String, ByVal valeur As String)
    Dim ligne As Long
    For ligne = 1 To LIGNES_POSTE
        If Poste(ligne, 1) = cle Then ThisWorkbook.Worksheets(FEUILLE_POSTE).Cells(ligne, 2).Value = valeur
    Next ligne
End Sub

Private Function Poste(ByVal ligne As Long, ByVal colonne As Long) As String
    Poste = CStr(ThisWorkbook.Worksheets(FEUILLE_POSTE).Cells(ligne, colonne).Value)
End Function

Private Function CheminDuClasseur() As String
    Dim separateur As String
    separateur = "\"
    If InStr(ThisWorkbook.Path, "/") > 0 Then separateur = "/"
    CheminDuClasseur = ThisWorkbook.Path & separateur & ThisWorkbook.Name
End Function

Private Function RepertoireProvisoire() As String
    If EstWindows() Then
        RepertoireProvisoire = Environ("TEMP") & "\"
    ElseIf Environ("TMPDIR") <> "" Then
        RepertoireProvisoire = Environ("TMPDIR") & "/"
    Else
        RepertoireProvisoire = "/tmp/"
    End If
End Function

Private Function NouveauJeton() As String
    Randomize
    NouveauJeton = CStr(CLng(Date)) & "-" & CStr(Int(Rnd() * 900000000) + 100000000)
End Function

Private Function EstWindows() As Boolean
    EstWindows = InStr(Application.OperatingSystem, "Windows") > 0
End Function

Private Function EstMac() As Boolean
    EstMac = InStr(Application.OperatingSystem, "Macintosh") > 0
End Function

' Sur un Mac, Excel ne peut rien lancer lui-meme : il passe par le script que cpomdocs a installe.
Private Function AppelMac(ByVal geste As String, ByVal argument As String) As String
    AppelMac = ""
#If Mac Then
    AppelMac = AppleScriptTask("cpomdocs.applescript", geste, argument)
#End If
End Function

Private Function Cite(ByVal texte As String) As String
    Cite = Chr(34) & texte & Chr(34)
End Function

Private Function Existe(ByVal chemin As String) As Boolean
    On Error GoTo Absent
    If chemin <> "" Then Existe = (Dir(chemin) <> "")
Absent:
End Function

Private Function Lire(ByVal chemin As String) As String
    Dim canal As Integer, ligne As String, texte As String
    If EstMac() Then
        texte = Replace(AppelMac("lire", chemin), vbCrLf, vbLf)
        Lire = Replace(texte, vbCr, vbLf)
        Exit Function
    End If
    If Not Existe(chemin) Then Exit Function
    On Error GoTo Illisible
    canal = FreeFile
    Open chemin For Input As #canal
    Do While Not EOF(canal)
        Line Input #canal, ligne
        texte = texte & ligne & vbLf
    Loop
    Close #canal
    Lire = texte
Illisible:
End Function

Private Sub Effacer(ByVal chemin As String)
    On Error Resume Next
    If EstMac() Then
        AppelMac "effacer", chemin
    ElseIf Existe(chemin) Then
        Kill chemin
    End If
End Sub

Private Function Premiere(ByVal texte As String) As String
    Premiere = texte
    If InStr(texte, vbLf) > 0 Then Premiere = Left(texte, InStr(texte, vbLf) - 1)
End Function

' Les reponses sont en ASCII ; tout autre caractere y est note \u suivi de quatre chiffres hexadecimaux.
Private Function Decoder(ByVal texte As String) As String
    Dim morceaux() As String, rang As Long
    morceaux = Split(texte, "\u")
    For rang = 1 To UBound(morceaux)
        morceaux(rang) = ChrW(CLng("&H" & Left(morceaux(rang), 4))) & Mid(morceaux(rang), 5)
    Next rang
    Decoder = Join(morceaux, "")
End Function
